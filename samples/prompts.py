"""Prompts in a program: the string literal at the cursor is the prompt, with its escapes resolved."""

SOURCE = "The country Italy"

ONE_LINE = "Q: What is the capital of Spain? \n A: Madrid \n Q: What is the capital of France? \n A:"

SEVERAL_LINES = """Q: What is the capital of Spain? 
 A: Madrid 
 Q: What is the capital of Norway? 
 A:"""
