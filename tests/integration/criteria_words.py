"""The words by which `criteria_oracle` knows markers and headings, and where it parts a line."""
# ruff: noqa: RUF001

import re

BULLET = r"(?:[*+•·▪●○◦➢–—o-]|\\[*+-]|\\?--+)"
NUMBER = (
    r"(?:\(?[0-9]{1,3}\\?[.)]|[0-9]{1,2}(?:\.[0-9]{1,2})+\\?[.)]?|[0-9]{1,2}-|\(?[a-zа-я]\\?[.)]"
    r"|\(?[A-Z]\\?[.)]|\(?[ivx]{2,5}\\?[.)]|[①-⑳])"
)
TIGHT = r"(?:\(?[0-9]{1,3}\\?[.)]|\\?-{1,3}|[•·▪●○◦➢①-⑳]|\([a-zа-я]\))(?=[^\W\d_]|[≥≤<>])"
MARKER = re.compile(rf"(?:{BULLET} +)*(?:{NUMBER} +)?")
TIGHT_MARKER = re.compile(rf"(?:{BULLET} +)*{TIGHT}")
NO_MARKER = re.compile(r"[A-Z]\\?\. [^A-Z(≥≤]|[0-9]+\.[0-9][0-9.]* [^A-Z]|[0-9]+- [^A-Za-z]")
ENDS_IN_COLON = re.compile(r"[:：][*_\\ ]*$")
QUALIFIERS = r"(?:(?:key|main|major|general|additional|common|specific|other|study|patient|the) ){0,2}"
NOUN = r"(?:i?n|ex|es)clus(?:ion|ione|ión|ão)s?"
LABEL_ANYWHERE = re.compile(
    r"(?:(?:key|main|major|general|additional|common|the|patient) ){0,2}(?:i?n|ex)clusion criteri[a-z]*"
    r" ?[.:：]?[ /*-]*|(?:[^ :]+ ){0,2}(?:in|ex)clusion ?[:：]|(?:in|ex)cluded ?[:：]"
)
LABEL_IN_CAPITALS = re.compile(r"(?:IN|EX)CLUSION CRITERI(?:A|ON)[^a-z]*")
LABEL_WITH_COLON = re.compile(
    rf"(?:[^ :]+ ){{0,4}}(?:[^ :]+,)?{NOUN} (?:criteri|requirement)[a-z]*(?:[ ,(–-].{{0,70}})? ?[:：][ /.*-]*"
)
LABEL_WITHOUT_COLON = re.compile(
    rf"(?:[^ :]+ ){{0,6}}{NOUN} criteri[a-z]*"
    r"(?: (?:for|of|in|cohort|group|arm|part|phase|specific)(?:[ ,(–-].{0,70})?"
    rf"| ?[,(–-].{{0,70}})?|(?:in|ex)clusions? for [^.]{{1,40}}"
    rf"|(?:[^ :]+ ){{0,3}}crit[eéè]r[a-zé]* (?:de |di |d[’]|for ){NOUN}(?:[ ,(–-].{{0,70}})? ?[:：]?"
)
LABEL_OF_OTHER = re.compile(r"(?:[^ :]+ )?(?:withdrawal|discontinuation|elimination) criteri[a-z]* ?[:：]?")
TITLE_NOUN = re.compile(r"(?:[^ ]+ ){0,8}(?:(?:In|Ex)clusion|(?:IN|EX)CLUSION)[sS]?")
RUNNING = re.compile(
    r"(?:^| )(?:apply|applies|may|must|met|meet|meets|meeting|not|no|is|are|was|were|will|be|have|has|fit"
    r"|fulfil[a-z]*|satisf[a-z]*|please|contact|if|who|following|include|includes)(?:[ .,;:]|$)"
)
REFUSES = re.compile(
    r"(?:^|[^a-z])(?:excluded|ineligible|not (?:be )?(?:considered )?"
    r"(?:eligible|included|enrolled|randomi[sz]ed)|not (?:enter|participate)|must not have or be)(?:[^a-z]|$)"
)
ADMITS = re.compile(r"(?:^|[^a-z])(?:eligible|included|entry criteria|enrolled|participate)(?:[^a-z]|$)")
CONNECTING = re.compile(
    r"(?:^|[^a-z])(?:must|will|are|is|may|be|have|has|meet|meets|who|if|following|include|includes|including|were|was"
    r"|should|can|cannot|with|by|to)(?:[^a-z]|$)",
    re.I,
)


def parts(written: str) -> list[str]:
    """A line parted behind the colon of a heading, and before one that follows the end of a sentence."""
    written = re.sub(
        r"([a-z)][.;]) +((?:[A-Z][a-z]+ )?(?:In|Ex|IN|EX)(?:clusion|CLUSION) (?:Criteria|CRITERIA) *:)",
        "\\1\n\\2",
        written,
    )
    return [half for part in written.split("\n") for half in halves(part)]


def halves(part: str) -> list[str]:
    heading = re.match(
        rf" *(?:[#*_\\]+ ?)*(?:\(?[0-9a-z]{{1,2}}\\?[.)] +)?{QUALIFIERS}(?:non[- ]?)?(?:in|ex)clusion"
        r"(?: criteri(?:a|on|um))?(?: (?:for|of) [^:：]+| ?[(,–-][^:：]+)? ?[:：](?:\\?[*_])*",
        part,
        re.I,
    ) or re.match(r" *(?:In|Ex|IN|EX)(?:clusion|CLUSION) (?:[Cc]riteria|CRITERIA)\.(?= +[A-Z])", part)
    if heading and re.search(r"[^\W_]", part[heading.end() :]):
        return [heading.group(), part[heading.end() :]]
    return [part]


def pieces(body: str) -> list[str]:
    if " • " in body:
        return re.split(r"(?<=[^ *-]) +(?=• )", body)
    first = re.match(r"(?:[*•] +)?(\(?)([0-9]{1,2})\\?([.)])", body)
    if not first:
        return [body]
    cuts, number = [0], int(first[2])
    for found in re.finditer(r"(?<= )(\(?)([0-9]{1,2})\\?([.)])(?=[A-Z]| +(?!\(?[0-9]{1,2}\\?[.)]))", body):
        if (found[1], found[3]) == (first[1], first[3]) and int(found[2]) == number + 1:
            cuts.append(found.start())
            number += 1
    if len(cuts) < 3:
        return [body]
    return [body[start:end].rstrip(" ") for start, end in zip(cuts, [*cuts[1:], len(body)], strict=True)]
