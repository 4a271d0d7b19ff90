package dev.plumbline.torch.text;

import java.beans.FeatureDescriptor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.IntPredicate;
import jinjava.javax.el.ELContext;
import jinjava.javax.el.ELException;
import jinjava.javax.el.ELResolver;

/**
 * The methods of Python's {@code str} that chat templates call. They take the place of Java's,
 * which differ ({@code split} takes a regular expression) or would let a template allocate without
 * bound ({@code repeat}).
 */
final class PythonText extends ELResolver {
  @Override
  public Object invoke(
      ELContext context, Object base, Object method, Class<?>[] types, Object[] arguments) {
    if (!(base instanceof CharSequence)) {
      return null;
    }
    context.setPropertyResolved(true);
    return call(base.toString(), String.valueOf(method), texts(arguments));
  }

  private static Object call(String text, String method, List<String> arguments) {
    String first = arguments.isEmpty() ? null : arguments.get(0);
    return switch (method) {
      case "strip" -> strip(text, first, true, true);
      case "lstrip" -> strip(text, first, true, false);
      case "rstrip" -> strip(text, first, false, true);
      case "split" -> split(text, first, arguments);
      case "startswith" -> text.startsWith(required(method, first));
      case "endswith" -> text.endsWith(required(method, first));
      case "replace" -> text.replace(required(method, first), second(method, arguments));
      case "find" -> (long) text.indexOf(required(method, first));
      case "upper" -> text.toUpperCase(Locale.ROOT);
      case "lower" -> text.toLowerCase(Locale.ROOT);
      case "capitalize" -> capitalize(text);
      default -> throw new ELException("text has no method " + method + " in chat templates");
    };
  }

  private static List<String> texts(Object[] arguments) {
    List<String> texts = new ArrayList<>();
    for (Object argument : arguments == null ? new Object[0] : arguments) {
      texts.add(Objects.toString(argument, null));
    }
    return texts;
  }

  private static String required(String method, String argument) {
    if (argument == null) {
      throw new ELException(method + " needs a text");
    }
    return argument;
  }

  private static String second(String method, List<String> arguments) {
    return required(method, arguments.size() < 2 ? null : arguments.get(1));
  }

  private static String capitalize(String text) {
    return text.isEmpty()
        ? text
        : text.substring(0, 1).toUpperCase(Locale.ROOT)
            + text.substring(1).toLowerCase(Locale.ROOT);
  }

  private static String strip(String text, String characters, boolean left, boolean right) {
    IntPredicate away = characters == null ? PythonText::isSpace : c -> characters.indexOf(c) >= 0;
    int from = 0;
    int to = text.length();
    while (left && from < to && away.test(text.charAt(from))) {
      from++;
    }
    while (right && to > from && away.test(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isSpace(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == 0x85;
  }

  private static List<String> split(String text, String separator, List<String> arguments) {
    int most = arguments.size() < 2 ? -1 : Integer.parseInt(arguments.get(1));
    if (separator == null) {
      String stripped = strip(text, null, true, true);
      return stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s+"));
    }
    if (separator.isEmpty()) {
      throw new ELException("split needs a separator that is not empty");
    }
    List<String> parts = new ArrayList<>();
    int from = 0;
    for (int at = text.indexOf(separator);
        at >= 0 && parts.size() != most;
        at = text.indexOf(separator, from)) {
      parts.add(text.substring(from, at));
      from = at + separator.length();
    }
    parts.add(text.substring(from));
    return parts;
  }

  @Override
  public Object getValue(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public Class<?> getType(ELContext context, Object base, Object property) {
    return null;
  }

  @Override
  public void setValue(ELContext context, Object base, Object property, Object value) {
    // Texts have no properties to set.
  }

  @Override
  public boolean isReadOnly(ELContext context, Object base, Object property) {
    return true;
  }

  @Override
  public Iterator<FeatureDescriptor> getFeatureDescriptors(ELContext context, Object base) {
    return Collections.emptyIterator();
  }

  @Override
  public Class<?> getCommonPropertyType(ELContext context, Object base) {
    return null;
  }
}
