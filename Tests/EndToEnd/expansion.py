"""Kubernetes' own expansion of $(NAME) in commands, arguments and environment values."""


def expand(text, variables):
    """`$(NAME)` becomes the variable's value where there is one, `$$` becomes `$`."""
    result = []
    index = 0
    while index < len(text):
        if text[index] != "$" or index + 1 == len(text):
            result.append(text[index])
            index += 1
            continue
        following = text[index + 1]
        end = text.find(")", index)
        if following == "$":
            result.append("$")
            index += 2
        elif following == "(" and end > 0:
            name = text[index + 2 : end]
            result.append(variables.get(name, text[index : end + 1]))
            index = end + 1
        else:
            result.append(text[index : index + 2])
            index += 2
    return "".join(result)
