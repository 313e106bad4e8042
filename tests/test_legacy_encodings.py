import doctest
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbook_tools import legacy_encodings
from workbook_tools.legacy_encodings import is_legacy_font, looks_like_tcvn3, looks_like_vni, unicode_text

VOWELS = "aăâeêioôơuưy"
TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
LETTERS = [unicodedata.normalize("NFC", vowel + tone) for vowel in VOWELS for tone in TONES] + ["đ"]


def vni(letter: str) -> str:
    """A small Vietnamese letter as VNI writes it, worked out from its parts."""
    if letter in (single := {"đ": "ñ", "ì": "ì", "í": "í", "ỉ": "æ", "ĩ": "ó", "ị": "ò", "ỵ": "î"}):
        return single[letter]
    parts = unicodedata.normalize("NFD", letter)
    base, marks = parts[0], parts[1:]
    tone = next((mark for mark in marks if mark in TONES), "")
    order = ["", "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"]
    tone_mark: str = ["", "ù", "ø", "û", "õ", "ï"][order.index(tone)]
    if "\u031b" in marks:
        return ("ô" if base == "o" else "ö") + tone_mark
    if "\u0302" in marks:
        return base + "âáàåãä"[order.index(tone)]
    return base + "êéèúüë"[order.index(tone)] if "\u0306" in marks else base + tone_mark


class TestModule:
    def test_examples(self) -> None:
        assert doctest.testmod(legacy_encodings).failed == 0


class TestTcvn3:
    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("Céng hoµ x· héi chñ nghÜa ViÖt Nam", "Cộng hoà xã hội chủ nghĩa Việt Nam"),
            ("§éc lËp - Tù do - H¹nh phóc", "Độc lập - Tự do - Hạnh phúc"),
            ("n\xadíc s¹ch", "nước sạch"),
            ("DiÖn tÝch (m²)", "Diện tích (m²)"),
            ("Tỷ lệ hé nghÌo", "Tỷ lệ hé nghÌo"),
            ("1.234,5 triÖu ®ång", "1.234,5 triệu đồng"),
            ("", ""),
            ("x", "x"),
        ],
    )
    def test_is_read_by_its_font(self, typed: str, shown: str) -> None:
        """What the official sees in .VnTime; a text with letters past one byte is Unicode and stays."""
        assert unicode_text(typed, ".VnTime") == shown
        assert unicode_text(typed, ".vnarial narrow") == shown
        assert unicode_text(typed, "Times New Roman") == typed

    def test_has_every_letter_of_vietnamese(self) -> None:
        """Each small letter comes from exactly one byte, save the seven that capitals share."""
        letters = {unicode_text(f"hµ {chr(byte)}", ".VnTime")[3:] for byte in range(0xA1, 0x100)}

        assert set(LETTERS) - set(VOWELS) - {"ă", "â", "ê", "ô", "ơ", "ư"} <= letters
        assert {"ă", "â", "ê", "ô", "ơ", "ư", "Ă", "Â", "Ê", "Ô", "Ơ", "Ư", "Đ"} <= letters

    def test_shows_capitals_in_fonts_of_capitals(self) -> None:
        """.VnTimeH has no small letters; plain ASCII stays as it was typed."""
        assert unicode_text("Tæng hîp", ".VnTimeH") == "TỔNG HỢP"
        assert unicode_text("kg", ".VnTimeH") == "kg"

    @pytest.mark.parametrize(
        "text", ["xã", "nghèo", "Số hộ nghèo", "Hà Nội", "thôn Á", "trâu, bò", "Lúa mùa", "Đơn vị"]
    )
    def test_never_ruins_right_text(self, text: str) -> None:
        """Unicode typed in a cell whose font is still the old one, wherever a reading as TCVN3 makes no word."""
        assert unicode_text(text, ".VnTime") == text or text == "xã"

    def test_follows_the_font_where_both_readings_are_words(self) -> None:
        """Who types ã in .VnTime sees ó."""
        assert unicode_text("xã", ".VnTime") == "xó"


class TestVni:
    @pytest.mark.parametrize(
        ("typed", "shown"),
        [
            ("Coäng hoøa xaõ hoäi chuû nghóa Vieät Nam", "Cộng hòa xã hội chủ nghĩa Việt Nam"),
            ("ÑOÄC LAÄP - TÖÏ DO - HAÏNH PHUÙC", "ĐỘC LẬP - TỰ DO - HẠNH PHÚC"),
            ("nöôùc saïch, ñöôøng soá 5", "nước sạch, đường số 5"),
            ("Toång soá hoä", "Tổng số hộ"),
            ("Chi phí", "Chi phí"),
        ],
    )
    def test_is_read_by_its_font(self, typed: str, shown: str) -> None:
        """What the official sees in VNI-Times."""
        assert unicode_text(typed, "VNI-Times") == shown
        assert unicode_text(typed, "vni-helve") == shown
        assert unicode_text(typed, "Arial") == typed

    @pytest.mark.parametrize("letter", LETTERS)
    def test_has_every_letter_of_vietnamese(self, letter: str) -> None:
        """Small and capital, each from its base and its mark."""
        assert unicode_text(f"hoä {vni(letter)}", "VNI-Times") == f"hộ {letter}"
        assert unicode_text(f"HOÄ {vni(letter)}".upper(), "VNI-Times") == f"HỘ {letter}".upper()

    @pytest.mark.parametrize("text", ["xã", "Lúa mùa", "trâu, bò", "Số hộ nghèo", "Đơn vị"])
    def test_never_ruins_right_text(self, text: str) -> None:
        """A mark without a base letter before it is Unicode."""
        assert unicode_text(text, "VNI-Times") == text


class TestFonts:
    def test_of_today_change_nothing(self) -> None:
        """Times New Roman and no name at all."""
        assert not any(map(is_legacy_font, ("Times New Roman", "", "Vntime", "Calibri")))

    @given(st.text(max_size=30), st.sampled_from([".VnTime", ".VnTimeH", "VNI-Times"]))
    def test_never_change_ascii_or_fail(self, text: str, font: str) -> None:
        """Digits, signs and Latin letters are the same in every encoding; no text stops the run."""
        plain = text.encode("ascii", "ignore").decode()

        assert unicode_text(plain, font) == plain
        assert isinstance(unicode_text(text, font), str)


class TestSuspicion:
    @pytest.mark.parametrize("text", ["Tæng sè hé", "§¬n vÞ tÝnh", "n\xadíc s¹ch", "Lóa mïa"])
    def test_of_tcvn3(self, text: str) -> None:
        """Every word makes sense only so."""
        assert looks_like_tcvn3(text)
        assert not looks_like_vni(text)

    @pytest.mark.parametrize("text", ["Toång soá hoä", "nöôùc saïch", "Khoûe"])
    def test_of_vni(self, text: str) -> None:
        """Every word makes sense only so."""
        assert looks_like_vni(text)
        assert not looks_like_tcvn3(text)

    @pytest.mark.parametrize(
        "text",
        ["xã", "Hoà", "hoá toán", "Đơn vị", "5 µm", "m²", "Müller", "· Lúa", "café", "«text»", "Windows®", "© 2023",
         "São Paulo", "§ 5", "½", "·", "±5", "25°C", "trâu, bò", "Tà Xùa", "Tỷ lệ hộ nghèo"],
    )  # fmt: skip
    def test_never_of_right_text(self, text: str) -> None:
        """Unicode, signs and foreign words."""
        assert not looks_like_tcvn3(text)
        assert not looks_like_vni(text)
