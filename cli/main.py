"""The `ggzy` command: running the platform, taking part in its procedures, and checking what it says."""

import typer

from cli.group import Group

app = typer.Typer(
    name="ggzy",
    cls=Group,
    help="公共资源交易平台：运行、办理、核验 / public resource trading: run it, take part, check it.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,  # a traceback must never show the values of local variables: some are keys
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def ggzy() -> None:
    """Do nothing before a command; typer makes a group only of what has commands or this."""


if __name__ == "__main__":
    app()
