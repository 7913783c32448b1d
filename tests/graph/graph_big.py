"""A made-up base of 300 categories, for tests of size."""

from __future__ import annotations

from pathlib import Path

from kb.graph.build import Builder
from kb.lang.syntax import Cite
from kb.model.facts import FactBase
from kb.model.vocabulary import Vocabulary


def big_graph(categories=300):
    """Each category has a service, an all-of over two any-ofs, and six documents that others ask
    for as well; each also needs the one before it."""
    made = Builder(FactBase(Path(), Vocabulary()))
    for c in range(categories):
        cite = [Cite("law", (c + 1,))]
        category = made.node("category", f"c{c}", f"类目 {c}", f"category {c}")
        service = made.node("service", f"s{c}", f"服务 {c}", f"service {c}")
        made.edge("in_scope", service, category, cite, version=f"v{c}")
        root = made.node("all_of", f"{c}/0", "全部提供", "all of")
        made.edge("requires", category, root, cite, version=f"v{c}", path="0")
        for i in range(2):
            choice = made.node("any_of", f"{c}/0.{i}", "任选其一", "any one of")
            made.edge("requires", root, choice, cite, version=f"v{c}", path=f"0.{i}")
            for j in range(3):
                number = (c * 7 + i * 3 + j) % 200
                document = made.node("document", f"d{number}", f"材料 {number}", f"paper {number}")
                made.edge("requires", choice, document, cite, version=f"v{c}", path=f"0.{i}.{j}")
        if c:
            made.edge("also_needs", category, f"category:c{c - 1}", cite)
    return made.finished(view="whole", zh="大", en="big")
