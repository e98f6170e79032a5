"""The full scenario: a project of two lots in which most of what the law provides for happens, from scene to scene."""
