"""The tender documents after their first issue (招标文件): questions, clarifications and who took them."""
