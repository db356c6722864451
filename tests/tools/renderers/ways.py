"""Turns a page into text in the ways that people do: `ways.py PAGE.html STEM` writes `STEM.WAY.txt` for each."""

import subprocess
import sys
from pathlib import Path

import html2text
import inscriptis
import markdownify
import trafilatura
from bs4 import BeautifulSoup

page, stem = Path(sys.argv[1]), sys.argv[2]
html = page.read_text()
soup = BeautifulSoup(html, "html.parser")


def printed(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True, errors="replace").stdout


for way, text in {
    "w3m": printed("w3m", "-dump", "-T", "text/html", "-cols", "100", str(page)),
    "lynx": printed("lynx", "-dump", "-nolist", "-force_html", str(page)),
    "html2text": html2text.html2text(html),
    "beautifulsoup": soup.get_text(),
    "beautifulsoup_lines": soup.get_text("\n", strip=True),
    "inscriptis": inscriptis.get_text(html),
    "trafilatura": trafilatura.extract(html, include_tables=True),
    "trafilatura_markdown": trafilatura.extract(html, include_tables=True, output_format="markdown"),
    "markdownify": markdownify.markdownify(html),
}.items():
    Path(f"{stem}.{way}.txt").write_text("\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n")
