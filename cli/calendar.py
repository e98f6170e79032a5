"""Working calendars (工作日历): `calendar publish|show`."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.command import Here, command
from cli.output import Misused, table
from shared.law.calendar import BadCalendar, parse_year

app = typer.Typer(help="工作日历 / working calendars", no_args_is_help=True)


@command(app, "publish")
def publish(
    here: Here,
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="该年日历文件（规范JSON）/ the year's file")
    ],
) -> None:
    """公布一年的工作日历或其更正（运营账户），进行中的期限重新计算，不缩短 / publish a year, or its correction."""
    data = file.read_bytes()
    try:
        year = parse_year(data)
    except BadCalendar as error:
        raise Misused(
            f"日历文件有误或自相矛盾：{error.zh}", f"the file is wrong or contradicts itself: {error}"
        ) from error
    outcome = here.give(f"calendar-{year.year}", {"type": "registry.publish_calendar", "body": data.decode()})
    here.say({"year": year.year, "digest": year.digest, "events": outcome["events"]}, "已公布 / published")


@command(app, "show")
def show(
    here: Here,
    year: Annotated[int, typer.Argument(metavar="[YEAR]", help="年份，缺省列出各年 / all years if left out")] = 0,
) -> None:
    """显示各年日历：已公布或暂定，及其来源 / show each year's calendar: published or provisional, and its origin."""
    asker = here.asker() if here.account else None
    page = here.client.get(f"/api/calendars/{year}" if year else "/api/calendars", asker)
    if here.as_json:
        here.say(page)
        return
    listed = [page] if year else page["calendars"]
    cells = [[one["year"], standing(one), one["revision"] or "", origin(one), one["digest"]] for one in listed]
    table("工作日历 / working calendars", ["年份", "状态", "版次", "来源", "摘要"], cells)
    if year:
        days = [[day["date"], day["name"], "法定" if day["statutory"] else "放假"] for day in page["holidays"]]
        days += [[day["date"], day["name"], "上班"] for day in page["workdays"]]
        table("放假与调休 / days off, and weekend days worked", ["日期", "节日", "安排"], sorted(days))


def standing(year: Mapping[str, Any]) -> str:
    """Return whether a year is published or provisional, in words."""
    return "暂定 provisional" if year["provisional"] else "已公布 published"


def origin(year: Mapping[str, Any]) -> str:
    """Return the notices that a year rests on."""
    return "\n".join(f"{one['name']} {one.get('number') or ''}".strip() for one in year["origin"]["notices"])


def provisional(years: list[int]) -> str:
    """Return the mark that a deadline bears which was counted by years not published yet; nothing where all are."""
    return f"（{'、'.join(map(str, years))}年日历为暂定 / provisional）" if years else ""
