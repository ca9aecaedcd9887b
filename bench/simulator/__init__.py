"""A discrete-event simulation of model servers, to measure the tuner on.

Knows the tuner's public face only. Time is virtual: a night's job takes milliseconds.
"""
