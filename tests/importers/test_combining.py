"""Cells whose papers are joined by other words than a head over a list."""

from __future__ import annotations

import pytest

from kb.importers.tree import read_papers

A, B, C = "《甲证》", "《乙证》", "《丙证》"
LIST = f"1、{A}2、{B}3、{C}"


def shape(node):
    """A tree in words: `甲证 & (乙证 | 丙证)`; a number says how many of a choice are wanted,
    a question mark which paper may be left out."""
    if node.paper:
        return node.paper.name + "?" * node.paper.optional
    joint = " & " if node.op == "all" else " | "
    inner = joint.join(shape(part) for part in node.parts)
    return f"{node.at_least} of ({inner})" if node.at_least > 1 else f"({inner})"


SURE = [
    (f"①{A}②{B}③{C}，①+②或①+③", "((甲证 & 乙证) | (甲证 & 丙证))"),
    (f"1+2或1+3：1{A}2{B}3{C}", "((甲证 & 乙证) | (甲证 & 丙证))"),
    (f"(1){A}；(2){B}；(3){C}。(1)必须提供，(2)(3)二选一", "(甲证 & (乙证 | 丙证))"),
    (f"第1项必备，第2、3项任选其一：{LIST}", "(甲证 & (乙证 | 丙证))"),
    (f"A、{A}B、{B}C、{C}。A必传，B、C至少提供1项", "(甲证 & (乙证 | 丙证))"),
    (f"资质一：{A}；资质二：{B}；资质一、二任选其一", "(甲证 | 乙证)"),
    (f"①{A}②{B}③{C}；①②③任选两项", "2 of (甲证 | 乙证 | 丙证)"),
    (f"方案一：{A}和{C}\n方案二：{B}", "((甲证 & 丙证) | 乙证)"),
    (f"若无{A}，可提供{B}", "(甲证 | 乙证)"),
    (f"没有{A}的，提供{B}", "(甲证 | 乙证)"),
    (f"{A}。无法提供的，可用{B}代替", "(甲证 | 乙证)"),
    (f"{A}；也可提供{B}", "(甲证 | 乙证)"),
    (f"优先提供{A}，其次可提供{B}", "(甲证 | 乙证)"),
    (f"{A} OR {B}", "(甲证 | 乙证)"),
    (f"{A}|{B}", "(甲证 | 乙证)"),
    (f"{A}和/或{B}", "(甲证 | 乙证)"),
    (f"{A} and {B}", "(甲证 & 乙证)"),
    (f"{A}&{B}|{C}", "((甲证 & 乙证) | 丙证)"),
    (f"至少提供一项：{A}；{B}；{C}", "(甲证 | 乙证 | 丙证)"),
    (f"提供以下任意一组：（1）{A}+{B}（2）{C}", "((甲证 & 乙证) | 丙证)"),
    (f"1、{A}\n2、{B}\n3、{C}\n以上1为必填，2、3选填", "(甲证 & (乙证? & 丙证?))"),
    (f"1、{A}\n2、{B}\n（1和2二选一）", "(甲证 | 乙证)"),
    (f"以下资质任选其一即可：\n{A}\n{B}", "(甲证 | 乙证)"),
    (f"{A}；{B}（二者提供一个即可）", "(甲证 | 乙证)"),
    (f"{A}+（{B}or{C}）", "(甲证 & (乙证 | 丙证))"),
    (f"可提供{A}、{B}中的任何一个", "(甲证 | 乙证)"),
]


@pytest.mark.parametrize(("cell", "tree"), SURE, ids=[cell for cell, _ in SURE])
def test_what_joins_papers_is_read(cell, tree):
    """Numbers, stand-ins and signs join papers as their words say, and nothing stays open."""
    read = read_papers(cell)
    assert shape(read.node) == tree
    assert [finding.code for finding in read.open] == []


OPEN = [
    (f"①{A}②{B}③{C}，①+②或③", "ambiguous"),
    (f"{LIST}，第1、4项二选一", "head-and-list"),
    (f"{LIST}，第1、2项二选一", "head-and-list"),
    (f"{LIST}，第1、2、3项二选一", "head-and-list"),
    (f"{A}；若销售进口食品还须{B}", "condition"),
    (f"{A}，如涉及保健食品，需额外提供{B}", "condition"),
    (f"2025年1月1日前入驻的需在3月31日前补交{A}", "note-changes"),
    ("同上", "noun-unknown"),
    ("同【食品-生鲜】类目要求", "noun-unknown"),
    (f"{A}，{B}二者有其一", "choice-of-list"),
    (f"1）具备{A}；2）注册资本不低于500万元", "count-unread"),
    (f"提供①或②，以及③：①{A}②{B}③{C}", "operator-unsaid"),
    (f"{A}（仅销售预包装食品的，提供备案凭证）", "note-changes"),
    (f"不少于3家医院的合作协议及每家医院的{A}", "count-shared"),
]


@pytest.mark.parametrize(("cell", "code"), OPEN, ids=[cell for cell, _ in OPEN])
def test_what_is_not_sure_stays_open(cell, code):
    """A number that is not in the list or left out, a count that does not fit, a day, a condition,
    a look elsewhere: each is told, and the draft stays open."""
    read = read_papers(cell)
    assert code in [finding.code for finding in read.open]
    assert read.node.open or any(part.open for part in read.node.parts)


def test_a_bracket_of_the_last_paper_is_its_own():
    """Where each of several papers has a bracket, that of the last is not for all of them."""
    read = read_papers(f"{A}（有效期内）、{B}（如有）、{C}（适用于进口商品）")
    assert read.node.label == ""
    assert read.node.papers()[-1].label == "进口商品"
