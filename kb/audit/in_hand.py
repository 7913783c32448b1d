"""What apps have in hand, as rows of what needs look at: SQL over what a chunk lists."""

from __future__ import annotations

# All apps of a run are asked about one day, so that a paper that is not valid then is passed over
# before marks are made: its days tell no two apps apart any more.
# decision: paper-counts-while-valid
VALID = "coalesce(g.f, $day) <= $day AND $day <= coalesce(g.u, $day)"
# Whether a copy is known to state what is asked for; one that may only do so is no such copy.
STATES = "coalesce(w.s, false)"
# One listed without its holder is in hand, so it is the applicant's own; whether it is somebody
# else's is not known.
HOLDS = """
CREATE OR REPLACE TABLE holds AS
SELECT row, d, h, least(if(own, most, sure), enough)::BIGINT AS s,
    least(most, enough)::BIGINT AS m, if(own, most, sure)::BIGINT AS copies
FROM (
    SELECT row, p.d, p.h, p.own, enough, {most} AS most,
        {sure} AS sure
    FROM holding g JOIN held_by p ON g.d = p.kind AND (g.h IS NULL OR g.h = p.h)
    WHERE {valid}
    GROUP BY row, p.d, p.h, p.own, enough
) WHERE most > 0
"""
FITS = """
CREATE OR REPLACE TABLE fits AS
SELECT row, n, least(if(own, stating, sure), enough)::BIGINT AS s,
    least(most, enough)::BIGINT AS m
FROM (
    SELECT row, p.n, p.own, enough, {most} AS most, {stating} AS stating, {surely} AS sure
    FROM holding g JOIN asked_words p ON g.d = p.kind AND (g.h IS NULL OR g.h = p.h)
    LEFT JOIN worded w ON w.w = g.w AND w.n = p.n
    WHERE {valid} AND (g.w IS NULL OR w.n IS NOT NULL)
    GROUP BY row, p.n, p.own, enough
) WHERE most > 0
"""
# When documents were issued that meet a duty for a period from then on; 0 where that is not said.
ISSUED = f"""
CREATE OR REPLACE TABLE issued AS
SELECT DISTINCT row, p.d, p.h, coalesce(g.i, 0)::INT AS i,
    coalesce(p.own OR g.h = p.h, false)::INT AS s
FROM holding g JOIN held_by p ON g.d = p.kind AND (g.h IS NULL OR g.h = p.h)
JOIN renewed r ON r.d = p.d AND r.h = p.h
WHERE g.n > 0 AND {VALID}
"""
# What is of a party or with it: surely, or only perhaps. Nobody says of the others whose they are.
PARTY_HOLDS = f"""
CREATE OR REPLACE TABLE party_holds AS
SELECT row, p.d, p.h, t.party,
    max((g.party IS NOT NULL AND (p.own OR g.h IS NOT NULL))::INT)::INT AS s
FROM holding g JOIN held_by p ON g.d = p.kind AND (g.h IS NULL OR g.h = p.h)
JOIN party t USING (row)
WHERE g.n > 0 AND {VALID} AND (g.party IS NULL OR g.party = t.party)
    AND (p.d, p.h) IN (SELECT (d, h) FROM bears_party_document)
GROUP BY row, p.d, p.h, t.party
"""
PARTY_FITS = f"""
CREATE OR REPLACE TABLE party_fits AS
SELECT row, p.n, t.party,
    max((g.party IS NOT NULL AND {STATES} AND (p.own OR g.h IS NOT NULL))::INT)::INT AS s
FROM holding g JOIN asked_words p ON g.d = p.kind AND (g.h IS NULL OR g.h = p.h)
JOIN party t USING (row) LEFT JOIN worded w ON w.w = g.w AND w.n = p.n
WHERE g.n > 0 AND {VALID} AND (g.party IS NULL OR g.party = t.party)
    AND (g.w IS NULL OR w.n IS NOT NULL)
    AND p.n IN (SELECT n FROM bears_party_wording)
GROUP BY row, p.n, t.party
"""

# From what apps are exempted on the day of the run, whoever granted it and until when.
EXEMPT = """
CREATE OR REPLACE TABLE exempt AS
SELECT DISTINCT row, x, $day::BIGINT AS f, $day::BIGINT AS u FROM granted g
WHERE coalesce(g.f, $day) <= $day AND $day <= coalesce(g.u, $day)
"""


def copies(parties: bool) -> tuple[str, str]:
    """The queries for `holds` and `fits`. Where some documents are of `parties`, or with them,
    those of one party are one; the plain sums are faster."""

    def counted(*where: str) -> str:
        def of(*more: str) -> str:
            tests = " AND ".join((*where, *more))
            return f" FILTER ({tests})" if tests else ""

        if not parties:
            return f"coalesce(sum(g.n){of()}, 0)"
        own = of("g.party IS NOT NULL", "g.n > 0")
        return f"count(DISTINCT g.party){own} + coalesce(sum(g.n){of('g.party IS NULL')}, 0)"

    of_holder, stating = "g.h = p.h", STATES
    holds = HOLDS.format(valid=VALID, most=counted(), sure=counted(of_holder))
    surely = counted(stating, of_holder)
    fits = FITS.format(valid=VALID, most=counted(), stating=counted(stating), surely=surely)
    return holds, fits
