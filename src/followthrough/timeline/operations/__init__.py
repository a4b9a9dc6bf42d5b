"""Every change to the timeline."""

from followthrough.timeline.operations.entries import (
    add_entry,
    change_entry,
    mark_milestone,
    pair_entries,
    remove_entry,
    restore_entry,
    settle_accounts,
    write_line,
)
from followthrough.timeline.operations.evidence import (
    attach_file,
    attach_link,
    remove_evidence,
    restore_evidence,
)
from followthrough.timeline.operations.log_import import Row, take_back, take_over
from followthrough.timeline.operations.milestone_entries import write_milestones

__all__ = [
    "Row",
    "add_entry",
    "attach_file",
    "attach_link",
    "change_entry",
    "mark_milestone",
    "pair_entries",
    "remove_entry",
    "remove_evidence",
    "restore_entry",
    "restore_evidence",
    "settle_accounts",
    "take_back",
    "take_over",
    "write_line",
    "write_milestones",
]
