"""Texts of every shape, for Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from followthrough.writing.document_tree import Node, Span

ENTRY = "/incidents/INC-148/room/#entry-0b6f2f5e-0000-4000-8000-000000000000"
WORDS = st.one_of(
    st.text(max_size=12),
    st.text(alphabet=" ab*_~`[]()<>!#+-=|:\\&.;1\t\n\u00a0é", max_size=14),
    st.sampled_from(
        [
            "snake_case_name",
            "2 * 3 * 4",
            "~5 min",
            "1. first",
            "&amp;",
            "---",
            "![x](y)",
            "a|b",
            "```",
            "# no",
        ]
    ),
)
ADDRESSES = st.sampled_from(
    ["https://a.example/x_(y)?b=1&c;=2", "/incidents/INC-1/", "mailto:a@b.example", "/people/?who=7"]
)
MARKS = st.fixed_dictionaries(
    {},
    optional={
        "strong": st.just(""),
        "em": st.just(""),
        "strike": st.just(""),
        "code": st.just(""),
        "link": ADDRESSES,
    },
)
SPANS = st.builds(Span, WORDS, MARKS)
MENTIONS = st.builds(
    lambda href, label: Node("mention", {"href": href, "label": label}),
    st.sampled_from(["/people/?who=7", "/actions/ACT-31/", ENTRY]),
    WORDS,
)
PICTURES = st.builds(lambda src, alt: Node("image", {"src": src, "alt": alt}), ADDRESSES, WORDS)
INLINE = st.lists(st.one_of(SPANS, SPANS, st.just(Node("hard_break")), MENTIONS, PICTURES), max_size=6).map(
    tuple
)
LEAVES = st.one_of(
    st.builds(lambda children: Node("paragraph", {}, children), INLINE),
    st.builds(
        lambda level, children: Node("heading", {"level": level}, children), st.sampled_from("123456"), INLINE
    ),
    st.builds(
        lambda language, text: Node("code_block", {"language": language}, (Span(text),)),
        st.sampled_from(["", "python", "c++"]),
        WORDS,
    ),
    st.just(Node("rule")),
)


def _containers(blocks: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    some = st.lists(blocks, max_size=3).map(tuple)
    items = st.lists(st.builds(lambda children: Node("list_item", {}, children), some), max_size=3).map(tuple)
    return st.one_of(
        st.builds(lambda children: Node("blockquote", {}, children), some),
        st.builds(lambda children: Node("bullet_list", {}, children), items),
        st.builds(
            lambda start, children: Node("ordered_list", {"start": start}, children),
            st.sampled_from(["0", "1", "9", "42"]),
            items,
        ),
    )


TEXTS = st.lists(st.recursive(LEAVES, _containers, max_leaves=6), max_size=4)
