"""Reads what stands before the name of a paper: whose it is, who gives it, with whom, how many."""

from __future__ import annotations

import re

from kb.importers import words
from kb.importers.grammar import Leaf
from kb.importers.lexer import STRONG_END, Piece
from kb.importers.marks import count_of
from kb.importers.papers import Context, Paper, whose
from kb.importers.stated import bare
from kb.importers.text import Finding, Role, Span, key


def merged(
    folded: str, groups: list[tuple[Piece, ...]]
) -> list[tuple[int, int, tuple[Piece, ...]]]:
    """Owners that follow one another are one (`有资质的机构的`), but for the applicant in front."""
    found: list[tuple[int, int, tuple[Piece, ...]]] = []
    for group in groups:
        start, end = group[0].start, group[-1].end
        if found:
            first, last, before = found[-1]
            alone = words.APPLICANT.match(folded[first:last].rstrip("的 "))
            if not alone and not folded[last:start].strip():
                found[-1] = (first, end, (*before, *group))
                continue
        found.append((start, end, group))
    return found


class Owners:
    """Reads what stands before a name: owners, the other side of an agreement, issuers, counts."""

    text: str
    folded: str
    leaf: Leaf
    context: Context
    paper: Paper
    name_start: int
    renamed: bool

    def _named(self, start: int, end: int) -> str:
        raise NotImplementedError

    def _owners(self) -> None:
        leaf, paper = self.leaf, self.paper
        groups = merged(self.folded, [*leaf.owners, *([leaf.before] if leaf.before else [])])
        named_from: int | None = None
        for start, end, group in groups:
            if named_from is None and self._owner(start, end, group):
                continue
            named_from = start if named_from is None else named_from
        if named_from is not None:
            first = next((g[0] for a, _, g in groups if a == named_from), None)
            if first and first.kind == "AND" and self.folded[first.start : first.end] != "与":
                self._give(Role.FILLER, first.start, first.end)
                named_from = first.end
            if leaf.titled:
                last = groups[-1][1]
                paper.notes.append(bare(self.text[named_from:last]))
                self._give(Role.NOTE, named_from, last)
                # A paper may be named before this one, and what joins them was lost.
                if STRONG_END.search(told := self.folded[named_from:last].rstrip()):
                    paper.findings.append(Finding("operator-unsaid", named_from, last, told))
                return
            self.name_start = paper.start = named_from
        if not leaf.titled and not self.renamed:
            paper.name = self._named(self.name_start, leaf.name[-1].end)

    def _owner(self, start: int, end: int, group: tuple[Piece, ...]) -> bool:
        """Reads one owner; false where it is a part of the name."""
        paper, folded = self.paper, self.folded
        part = folded[start:end].rstrip("的 ")
        if paper.titled and words.TOWARD.search(part):
            paper.notes.append(bare(self.text[start:end]))
            self._give(Role.NOTE, start, end)
            return True
        persons = words.PERSONS.fullmatch(part)
        if persons:
            named = re.split(r"和|与|以?及|、", part)
            paper.each = tuple(whose(one, self.context, False) or "member" for one in named)
            paper.own_holder = True
            self._give(Role.HOLDER, start, end)
            return True
        if re.match("对(?!方)", part) or part.startswith(("为", "可以", "能")):
            return False
        if paper.titled and part.endswith("在"):
            applicant = bool(words.APPLICANT.match(part[:-1]))
            paper.own_holder = applicant
            self._give(Role.HOLDER if applicant else Role.FILLER, start, end)
            return applicant or part == "在"
        name = key(paper.name)
        agreement: object = words.AGREEMENT.search(name) or words.GIVEN.search(name)
        start, group = self._either(start, group)
        part = folded[start:end].rstrip("的 ")
        joint = self._joint(group)
        if joint is not None:
            before = folded[start : joint.start]
            if before.strip():
                counts = words.COUNT.match(before)
                if counts:
                    paper.ask_for(*count_of(counts))
                    self._give(Role.COUNT, start, start + counts.end())
                    start += counts.end()
                first_party = words.APPLICANT.match(folded[start : joint.start].strip())
                self._give(Role.HOLDER if first_party else Role.PARTY, start, joint.start)
                if not first_party:
                    self._of(self.text[start : joint.start])
                    if agreement and before.strip() in self.context.parties:
                        # Two others agree with one another: the paper is not the applicant's.
                        paper.holder, paper.own_holder = "partner", True
                        told = self.text[start:end]
                        paper.findings.append(Finding("holder-unknown", start, end, told))
            self._give(Role.FILLER, joint.start, joint.end)
            if agreement or words.SIGNED.search(part):
                self._party(joint.end, end)
                return True
            self._party(joint.end, end)
            paper.findings.append(Finding("with-whom", start, end, self.text[start:end]))
            return True
        count = words.COUNT.match(part)
        if count:
            paper.ask_for(*count_of(count))
            self._give(Role.COUNT, start, start + count.end())
            start += count.end()
            part = part[count.end() :].strip()
            if not part:
                return True
        if words.APPLICANT.match(part) and not re.search(r"开具", part):
            paper.own_holder = True
            self._give(Role.HOLDER, start, end)
            return True
        both = words.ISSUED_AND.match(part)
        if both:
            paper.issuer = bare(self.text[start : start + both.end("issuer")])
            paper.notes.append(bare(self.text[start + both.start("more") : end]))
            self._give(Role.ISSUER, start, start + both.end("issuer"))
            self._give(Role.FILLER, start + both.end("issuer"), start + both.start("more"))
            self._give(Role.NOTE, start + both.start("more"), end)
            return True
        issued = words.ISSUED.search(part)
        noun_only = self._bare_noun()
        if issued and not words.SIGNED.search(part):
            issuer = re.sub(r"^[由经]", "", part[: issued.start()])
            if words.MODAL.fullmatch(issuer):  # `可提供`: who is to do something, and no authority
                return False
            authority = words.AUTHORITY.search(issuer) or paper.titled
            if (paper.titled or (not noun_only and authority)) and issuer:
                paper.issuer = bare(
                    re.sub(r"^[由经]", "", self.text[start : start + issued.start()])
                )
                self._give(Role.ISSUER, start, end)
                return True
            return False
        if agreement and not issued:
            if words.AUTHORITY.search(part):
                if paper.titled:
                    paper.issuer = bare(self.text[start:end])
                    self._give(Role.ISSUER, start, end)
                    return True
                return False
            self._party(start, end)
            return True
        if not paper.titled:
            return self._untitled(start, end, part)
        return self._holder(start, end, part)

    def _either(self, start: int, group: tuple[Piece, ...]) -> tuple[int, tuple[Piece, ...]]:
        """Takes off the applicant in `主体或租户的`: its own paper is enough."""
        n = next((n for n, piece in enumerate(group) if piece.kind == "OR"), 0)
        first = self.folded[start : group[n].start].strip()
        if n and words.APPLICANT.match(first) and n + 1 < len(group):
            self.paper.or_applicant = True
            self._give(Role.HOLDER, start, group[n].start)
            self._give(Role.OPERATOR, group[n].start, group[n].end)
            return group[n + 1].start, group[n + 1 :]
        rest = self.folded[group[n].end : group[-1].end].strip() if n else ""
        if n and not self.paper.titled and (first in rest or rest in first):
            # `甲机构或甲机构的文件`: to be one may be enough, or its owner is said twice.
            told = self.text[start : group[-1].end]
            self.paper.or_being = self.text[start : group[n].start].strip()
            self.paper.findings.append(Finding("ambiguous", start, group[-1].end, told))
        return start, group

    def _untitled(self, start: int, end: int, part: str) -> bool:
        """A paper without a title keeps what tells which one it is; its owner may be in there."""
        paper, folded = self.paper, self.folded
        agreed = words.AGREED.search(part)
        if agreed and key(paper.name) in words.WEAK:
            paper.name = self.text[start + agreed.start("name") : start + agreed.end("name")]
            self.renamed = True
            self._party(start + agreed.start("party"), start + agreed.end("party"))
            self._give(Role.PARTY, start, start + agreed.start("party"))
            self._give(Role.FILLER, start + agreed.end("party"), start + agreed.start("name"))
            self._give(Role.NAME, start + agreed.start("name"), start + agreed.end("name"))
            self._give(Role.FILLER, start + agreed.end("name"), end)
            return True
        subject, toward, _ = part.partition("对")
        clause = (
            words.CLAUSE.search(part)
            or self._bare_noun()
            or words.SHOWN.search(folded[self.leaf.name[0].start : self.leaf.name[-1].end])
        )
        if not clause:
            return self._holder(start, end, part)
        if toward:
            part = subject
        if re.search(r"^(?:该|此)|合作|入驻|旗下|下属|其中一[个名位]", part):
            holder = whose(part, self.context, paper.titled)
            if holder and holder != "applicant":
                paper.holder, paper.own_holder = holder, True
        return False

    def _holder(self, start: int, end: int, part: str) -> bool:
        paper = self.paper
        if words.QUALITY.match(part):
            if paper.titled:
                paper.notes.append(bare(self.text[start:end]))
                self._give(Role.NOTE, start, end)
                return True
            return False
        plain = re.sub(r"(?:合法|有效|正式)+$", "", part)
        if words.AUTHORITY.search(plain) and not re.search(r"^(?:该|合作)", part):
            if paper.titled:
                paper.issuer = bare(self.text[start : start + len(plain)])
                self._give(Role.ISSUER, start, start + len(plain))
                self._give(Role.FILLER, start + len(plain), end)
                return True
            return False
        holder = whose(part, self.context, paper.titled)
        if holder is None:
            if not paper.titled:
                return False
            if part == self.folded[start:end].strip() and not words.ORGANISATION.search(plain):
                paper.notes.append(bare(self.text[start:end]))  # words that say more of the paper
                if self.folded[:end].rstrip().endswith("的"):
                    told = self.text[start:end]
                    paper.findings.append(Finding("holder-unknown", start, end, told))
                self._give(Role.NOTE, start, end)
                return True
            holder = "partner"
            paper.findings.append(Finding("holder-unknown", start, end, self.text[start:end]))
        paper.holder, paper.own_holder = holder, True
        within = words.COUNT.search(part)
        if within and not paper.counted and holder != "applicant":
            paper.ask_for(*count_of(within))
        if holder != "applicant":
            self._of(self.text[start:end])
        self._give(Role.HOLDER, start, end)
        return True

    def _joint(self, group: tuple[Piece, ...]) -> Piece | None:
        """The `与` of `X与Y签订的`, where there is one."""
        for n, piece in enumerate(group):
            if piece.kind == "AND" and self.folded[piece.start : piece.end] in ("与", "和", "同"):
                if n == 0:
                    return piece
                if words.AGREEMENT.search(key(self.paper.name)) or words.SIGNED.search(
                    self.folded[group[0].start : group[-1].end].rstrip("的 ")
                ):
                    return piece
        return None

    def _bare_noun(self) -> bool:
        name = key(self.paper.name)
        name = re.sub(r"^(?:对应|相关|相应|官方|有效|书面|具体)+", "", name)
        return name in words.STRONG or name in words.WEAK or len(name) <= 2

    def _party(self, start: int, end: int) -> None:
        """The other side of an agreement."""
        part = self.folded[start:end]
        signed = words.SIGNED.search(part.rstrip("的 "))
        count = words.COUNT.search(part)
        if count and not self.paper.counted:
            self.paper.ask_for(*count_of(count))
        stop = signed.start() if signed else len(part)
        a = count.end() if count and count.start() <= 2 else 0
        self._of(self.text[start + a : start + stop])
        if count:
            self._give(Role.PARTY, start, start + count.start())
            self._give(Role.COUNT, start + count.start(), start + count.end())
            self._give(Role.PARTY, start + count.end(), start + stop)
        else:
            self._give(Role.PARTY, start, start + stop)
        self._give(Role.FILLER, start + stop, end)

    def _of(self, party: str) -> None:
        paper = self.paper
        party = bare(party)
        paper.of = f"{paper.of}、{party}" if paper.of else party

    def _give(self, role: Role, start: int, end: int) -> None:
        if start < end:
            self.paper.spans.append(Span(role, start, end))

    def _count(self, piece: Piece) -> None:
        match = words.COUNT.match(self.folded, piece.start, piece.end)
        if match and not self.paper.counted:
            self.paper.ask_for(*count_of(match))
        self._give(Role.COUNT, piece.start, piece.end)
