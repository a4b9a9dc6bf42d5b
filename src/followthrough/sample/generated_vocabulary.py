"""What generated incidents are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Trouble:
    """One way to fail; `{service}` stands for where. `whys` go from the symptom to the root cause."""

    tag: str
    category: str
    seen: str
    signal: str
    story: str
    remedy: str
    whys: tuple[str, ...]
    actions: tuple[tuple[str, str], ...]


TROUBLES = (
    Trouble(
        "connection-pool",
        "configuration",
        "timeouts",
        "connection pool use",
        "A release raised the number of connections that each worker of {service} keeps open until the database refused more.",
        "Rolled {service} back to the release before; connections fell at once",
        (
            "Requests to {service} waited for a connection",
            "Each worker opened ten times its usual connections",
            "The pool size was left empty in the new template",
            "An empty value falls back to the library's default without a warning",
            "Templates of {service} are released without a check of their values",
        ),
        (
            ("prevent", "Reject templates of {service} with an empty required value in the release check"),
            ("detect", "Alert when pool use of {service} passes 80 % for two minutes"),
        ),
    ),
    Trouble(
        "certificate",
        "monitoring",
        "failed handshakes",
        "handshake errors",
        "The certificate that {service} shows to its clients ran out at midnight and every new connection was refused.",
        "Issued a new certificate for {service} and restarted its listeners",
        (
            "Clients of {service} refused the connection",
            "The certificate had run out",
            "It was renewed by hand once a year",
            "The inventory of certificates did not list {service}",
            "No alert watches how long certificates are still valid",
        ),
        (
            ("detect", "Alert 30 days before any certificate of {service} runs out"),
            ("prevent", "Renew the certificate of {service} by the issuer's own protocol every 60 days"),
        ),
    ),
    Trouble(
        "retry-storm",
        "dependencies",
        "error responses",
        "request rate",
        "After a short failover clients of {service} retried at once and together, and kept it overloaded.",
        "Shed half of the traffic to {service}, then let it back in steps of ten per cent",
        (
            "{service} answered most requests with errors",
            "Its request rate was five times the usual",
            "Clients retried without waiting",
            "The shared client library has no back-off",
            "Clients of {service} are not tested against a failover",
        ),
        (
            ("prevent", "Add jittered back-off with a budget of three to the client library of {service}"),
            ("mitigate", "Add a load-shedding switch to {service} and try it in the July drill"),
        ),
    ),
    Trouble(
        "disk-full",
        "infrastructure",
        "failed writes",
        "disk use",
        "Debug logs filled the disks of {service} overnight and writes began to fail.",
        "Deleted rotated logs on {service} and lowered the log level",
        (
            "Writes to {service} failed",
            "Its disks were full",
            "Logs grew by a gigabyte a minute",
            "A debug level set during an earlier search was still on",
            "Log levels of {service} have no end date when they are raised",
        ),
        (
            ("prevent", "Reset raised log levels of {service} after 24 hours by the configuration job"),
            ("detect", "Alert when disk use of {service} will reach 100 % within six hours"),
        ),
    ),
    Trouble(
        "bad-release",
        "process",
        "wrong answers",
        "error rate",
        "A release of {service} went to every region within two minutes, and its defect with it.",
        "Rolled {service} back in all regions",
        (
            "{service} gave wrong answers in every region",
            "A release changed how empty fields are read",
            "The defect showed only with data of customers",
            "The release had no stage with real traffic",
            "The release path of {service} has no stages",
        ),
        (
            ("prevent", "Release {service} to one region for 30 minutes before the others"),
            (
                "detect",
                "Compare error rates of old and new {service} instances and stop the release above 1 %",
            ),
        ),
    ),
    Trouble(
        "late-page",
        "communication",
        "slow responses",
        "latency",
        "Latency of {service} rose in the evening; the team that could mend it was paged 25 minutes later.",
        "Moved load off the slow shard of {service}",
        (
            "Customers waited seconds for {service}",
            "One shard was far slower than the others",
            "The first team paged does not run the shard",
            "The alert names the caller and not the shard",
            "Alerts of {service} are routed by where they were seen",
        ),
        (
            ("process", "Route latency alerts of {service} by the owner in the service catalogue"),
            (
                "learn",
                "Add the shard layout of {service} to the runbook and walk the on-call rota through it by July",
            ),
        ),
    ),
)
PLACES = (
    "one region",
    "all regions",
    "Europe",
    "the eastern region",
    "the checkout path",
    "the mobile clients",
    "the nightly batch",
)
ENDINGS = (
    "It was mitigated before the morning peak.",
    "Support answered questions for two more days.",
    "No data was lost.",
    "A second, smaller wave followed and was over within minutes.",
)
TRIED = (
    "Restarted two instances of {service}; no change",
    "Compared the latest deploys with the start of the errors",
    "Asked the owners of the database behind {service} to join",
    "Looked at saturation graphs of {service}; they seemed like load",
    "Posted the first update on the status page",
    "Scaled {service} out by half; errors went on",
)
WENT_WELL = (
    "The first status update was out within fifteen minutes",
    "The rollback took under five minutes",
    "Two teams shared one channel from the start",
    "The runbook matched what had to be done",
)
