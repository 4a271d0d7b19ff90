package dev.plumbline.torch.text;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rewrites what Jinjava reads differently from Python's Jinja, before it reads it. */
final class TemplateSource {
  private static final Pattern REVERSED = Pattern.compile("\\[\\s*::\\s*-1\\s*]");
  private static final Pattern NAMESPACE = Pattern.compile("\\bnamespace\\(");

  private TemplateSource() {}

  /** The source for Jinjava. Jinja drops the last line end of a template. */
  static String prepared(String template) {
    String text = template.endsWith("\n") ? template.substring(0, template.length() - 1) : template;
    return namespaces(REVERSED.matcher(text).replaceAll("|reverse|list"));
  }

  /**
   * Jinjava reads {@code f(n=a - 1)} as {@code f((n=a) - 1)}: put the arguments' values in
   * parentheses.
   */
  private static String namespaces(String text) {
    StringBuilder out = new StringBuilder();
    int done = 0;
    for (Matcher call = NAMESPACE.matcher(text); call.find(done); ) {
      out.append(text, done, call.end());
      done = arguments(text, call.end(), out);
    }
    return out.append(text, done, text.length()).toString();
  }

  /**
   * Copies the arguments that begin at {@code from} up to their closing parenthesis, whose index it
   * gives.
   */
  private static int arguments(String text, int from, StringBuilder out) {
    boolean open = false;
    int depth = 0;
    char quote = 0;
    int i = from;
    for (; i < text.length() && !(depth == 0 && quote == 0 && text.charAt(i) == ')'); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        quote = c == quote && text.charAt(i - 1) != '\\' ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else {
        depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      }
      boolean top = depth == 0 && quote == 0;
      if (top && c == ',' && open) {
        out.append("),");
        open = false;
      } else if (top && c == '=' && !open) {
        out.append("=(");
        open = true;
      } else {
        out.append(c);
      }
    }
    out.append(open ? ")" : "");
    return i;
  }
}
