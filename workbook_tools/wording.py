"""What a finding code says: severity, text and advice, in Vietnamese and English."""

from typing import NamedTuple


class Message(NamedTuple):
    """Severity, text and advice of one code."""

    severity: str
    vietnamese: str
    vietnamese_advice: str
    english: str
    english_advice: str

    def text(self, language: str) -> str:
        """The sentence in a language, ``vi`` or ``en``."""
        return self.english if language == "en" else self.vietnamese

    def advice(self, language: str) -> str:
        """The advice in a language, ``vi`` or ``en``."""
        return self.english_advice if language == "en" else self.vietnamese_advice


class Words(NamedTuple):
    """A detail of a finding that is itself a wording, in both languages."""

    vietnamese: str
    english: str

    def text(self, language: str) -> str:
        """The words in a language, ``vi`` or ``en``."""
        return self.english if language == "en" else self.vietnamese
