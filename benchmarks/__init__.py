"""Speed, memory and quality, measured beside other programs. See README.md in this folder."""
