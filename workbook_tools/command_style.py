"""How the command line speaks: help, wrong usage and failures in the language asked for, without a traceback."""

import os
import re
from pathlib import Path
from typing import IO, Any

import click

from workbook_tools.errors import WorkbookToolsError
from workbook_tools.help_texts import asked_for_english
from workbook_tools.inert import on_one_line

HELP_WORDS = {
    r"^Usage:": "Cách dùng:",
    r"^Options:": "Tùy chọn:",
    r"^Positional arguments:": "Tham số:",
    r"^Commands:": "Lệnh:",
    r"\[OPTIONS\]": "[TÙY CHỌN]",
    r"\bCOMMAND \[ARGS\]\.\.\.": "LỆNH [THAM SỐ]...",
    r"\[required\]": "[bắt buộc]",
    r"Show this message and exit\.": "In trợ giúp này rồi thoát.",
    r"Show the version and exit\.": "In số phiên bản rồi thoát.",
}
"""Words that click itself puts into a page of help."""

_EXTRA = re.compile(r"unexpected extra arguments? \((.*)\)")


def language_of(ctx: click.Context | None) -> str:
    """The language asked for, ``vi`` or ``en``."""
    given = ctx.find_root().params.get("lang") if ctx else None
    return str(given or ("en" if asked_for_english() else "vi"))


def say(ctx: click.Context | None, vietnamese: str, english: str) -> str:
    """One of two sentences, by the language asked for."""
    return english if language_of(ctx) == "en" else vietnamese


class Failure(click.ClickException):
    """An expected failure: one sentence and exit code 1."""

    def __init__(self, ctx: click.Context, message: str) -> None:
        super().__init__("\n".join(map(on_one_line, message.split("\n"))))
        self.ctx = ctx

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the sentence to standard error."""
        click.echo(f"{say(self.ctx, 'Lỗi', 'Error')}: {self.message}", file=file, err=True)


class WrongUsage(click.UsageError):
    """Wrong usage: how the command is used, where its help is, what is wrong, and exit code 2."""

    def __init__(self, message: str, ctx: click.Context | None, language: str) -> None:
        super().__init__(message, ctx)
        self.language = language

    def show(self, file: IO[Any] | None = None) -> None:
        """Print all that to standard error."""
        usage, more, wrong = ("Usage", "Help", "Error") if self.language == "en" else ("Cách dùng", "Trợ giúp", "Lỗi")
        if self.ctx is not None:
            pieces = _in_language(self.language, " ".join(self.ctx.command.collect_usage_pieces(self.ctx)))
            path = self.ctx.command_path
            click.echo(f"{usage}: {path} {pieces}\n{more}: {path} --help\n", file=file, err=True)
        click.echo(f"{wrong}: {self.message}", file=file, err=True)


class Place(click.Path):
    """A file or folder that exists."""

    def __init__(self, *, folders: bool = True) -> None:
        super().__init__(path_type=Path)
        self.folders = folders

    def convert(self, value: str | os.PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path; fails if nothing is there, or a folder where a file is wanted."""
        path = Path(value)
        shown = on_one_line(str(path))
        if not path.exists():
            self.fail(
                say(ctx, f"Không có tệp hoặc thư mục “{shown}”.", f"There is no file or folder '{shown}'."), param, ctx
            )
        if path.is_dir() and not self.folders:
            self.fail(
                say(ctx, f"“{shown}” là thư mục, cần một tệp.", f"'{shown}' is a folder, not a file."), param, ctx
            )
        return path


class Command(click.Command):
    """A command whose help is in one language throughout."""

    def get_help(self, ctx: click.Context) -> str:
        """The page of help."""
        return _in_language(language_of(ctx), super().get_help(ctx))


class Commands(click.Group):
    """A group of commands; one of our errors becomes a sentence and exit code 1, wrong usage exit code 2.

    Without a command it prints its help.
    """

    command_class = Command
    group_class = type

    def get_help(self, ctx: click.Context) -> str:
        """The page of help."""
        return _in_language(language_of(ctx), super().get_help(ctx))

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: object
    ) -> click.Context:
        """The context of a command line; an empty one asks for help."""
        language = "en" if asked_for_english(args) else "vi"
        try:
            return super().make_context(info_name, args or ["--help"], parent, **extra)
        except click.UsageError as error:
            raise _translated(error, error.ctx, language) from error

    def invoke(self, ctx: click.Context) -> object:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except WorkbookToolsError as error:
            raise Failure(ctx, error.text(language_of(ctx))) from error
        except KeyboardInterrupt as error:
            raise Failure(ctx, say(ctx, STOPPED, "Stopped; a former result, if any, is untouched.")) from error
        except click.UsageError as error:
            raise _translated(error, error.ctx or ctx, language_of(ctx)) from error


STOPPED = "Đã dừng theo yêu cầu; tệp kết quả cũ (nếu có) còn nguyên."


def _in_language(language: str, text: str) -> str:
    if language == "vi":
        for english, vietnamese in HELP_WORDS.items():
            text = re.sub(english, vietnamese, text, flags=re.MULTILINE)
    return text


def _translated(error: click.UsageError, ctx: click.Context | None, language: str) -> click.UsageError:
    """Wrong usage in a language."""
    if isinstance(error, WrongUsage):
        return error
    message = on_one_line(error.format_message() if language == "en" else _vietnamese(error))
    return WrongUsage(message[:1].upper() + message[1:], ctx, language)


def _vietnamese(error: click.UsageError) -> str:
    match error:
        case click.NoSuchOption():
            hint = f" Có phải là: {', '.join(sorted(error.possibilities))}?" if error.possibilities else ""
            return f"Không có tùy chọn “{error.option_name}”.{hint}"
        case click.MissingParameter():
            return f"Thiếu {_name_of(error.param)}."
        case click.BadParameter():
            return f"{_name_of(error.param)}: {_why_bad(error)}"
        case click.BadOptionUsage():
            return f"Tùy chọn “{error.option_name}” cần kèm một giá trị."
    if extra := _EXTRA.search(error.message):
        return f"Thừa tham số “{extra[1]}”."
    typed = re.search(r"'(.*)'", error.message)
    if isinstance(error.ctx and error.ctx.command, click.Group) and typed:
        return f"Không có lệnh “{typed[1]}”."
    return f"Dòng lệnh chưa đúng: {error.message}"


def _why_bad(error: click.BadParameter) -> str:
    kind = error.param.type if error.param else None
    if isinstance(kind, click.Choice):
        return f"giá trị không hợp lệ; chọn một trong: {', '.join(kind.choices)}."
    if isinstance(kind, click.IntRange):
        return f"cần một số nguyên từ {kind.min} trở lên."
    return error.message


def _name_of(param: click.Parameter | None) -> str:
    if param is None:
        return "tham số"
    kind = "tùy chọn" if isinstance(param, click.Option) else "tham số"
    hint = "/".join(param.opts) if isinstance(param, click.Option) else param.human_readable_name
    return f"{kind} “{hint}”"
