"""Experiment 2 of the paper (section 4.2): what the parameters do while a dream is played.

`timeline` holds table 11 and says what changes when, `rendering` plays every run with the live
engine and measures it, `steady` reads steady states and effects from that, `results` keeps tables,
sounds and settings, `studio.figures` draws figures 10 to 13. The claims are judged in
`studio.experiments.findings.played`.
"""
