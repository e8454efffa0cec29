"""Amounts, in the canonical form that a server stores them in."""

import re
from decimal import ROUND_CEILING, Decimal

DECIMAL = ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"]
BINARY = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"]
FORM = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?")


def canonical(amount):
    """The text a server writes for an amount; anything else is given back as it is."""
    if isinstance(amount, bool) or not isinstance(amount, (str, int, float)):
        return amount
    found = FORM.fullmatch(str(amount))
    if not found:
        return amount
    number, suffix = Decimal(found[1]), found[2] or ""
    if suffix in BINARY and suffix:
        whole = int((number * 1024 ** BINARY.index(suffix)).to_integral_value(ROUND_CEILING))
        return in_binary(whole) if abs(whole) >= 1024 else str(whole)
    if suffix[:1] in ("e", "E") and suffix[1:]:
        return in_decimal(number.scaleb(int(suffix[1:])), lambda power: f"e{power}" if power else "")
    return in_decimal(number.scaleb(3 * (DECIMAL.index(suffix) - 3)), lambda power: DECIMAL[power // 3 + 3])


def in_binary(whole):
    power = 0
    while whole % 1024 == 0:
        whole, power = whole // 1024, power + 1
    return f"{whole}{BINARY[power]}"


def in_decimal(number, suffix):
    if not number:
        return "0"
    for power in range(18, -10, -3):
        scaled = number.scaleb(-power)
        if scaled == scaled.to_integral_value():
            return f"{int(scaled)}{suffix(power)}"
    return f"{int(number.scaleb(9).to_integral_value(ROUND_CEILING))}{suffix(-9)}"
