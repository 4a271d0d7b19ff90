package dev.plumbline.torch.text;

import com.hubspot.jinjava.el.ext.NamedParameter;
import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.lib.fn.ELFunctionDefinition;
import com.hubspot.jinjava.objects.Namespace;
import java.time.Clock;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The functions that Hugging Face gives chat templates. The template engine wants them static and
 * public.
 */
public final class TemplateFunctions {
  private static final Map<Character, String> DATE_LETTERS =
      Map.of(
          'd', "dd", 'b', "MMM", 'B', "MMMM", 'Y', "yyyy", 'm', "MM", 'y', "yy", 'A', "EEEE", 'a',
          "EEE");

  private TemplateFunctions() {}

  /** What a template raised on purpose; carries its message. */
  static final class Raised extends InterpretException {
    Raised(String message) {
      super(message);
    }
  }

  static List<ELFunctionDefinition> all() {
    return List.of(
        define("raise_exception", "raise", String.class),
        define("strftime_now", "today", String.class),
        define("namespace", "namespace", Object[].class));
  }

  private static ELFunctionDefinition define(String name, String method, Class<?> argument) {
    return new ELFunctionDefinition("", name, TemplateFunctions.class, method, argument);
  }

  /** {@code raise_exception(message)}. */
  public static String raise(String message) {
    throw new Raised(message);
  }

  /** {@code strftime_now(format)}: today's date; formats of dates only. */
  public static String today(String format) {
    return date(LocalDate.now(Clock.systemDefaultZone()), format);
  }

  static String date(LocalDate day, String format) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      if (format.charAt(i) != '%' || i + 1 == format.length()) {
        text.append(format.charAt(i));
      } else {
        text.append(field(day, format.charAt(++i)));
      }
    }
    return text.toString();
  }

  private static String field(LocalDate day, char letter) {
    String pattern = DATE_LETTERS.get(letter);
    if (pattern == null) {
      throw new InterpretException("strftime_now knows dates only, not %" + letter);
    }
    return day.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
  }

  /** {@code namespace(name=value, ...)}: what loops may assign to. */
  public static Namespace namespace(Object... values) {
    Map<String, Object> map = new HashMap<>();
    for (Object value : values) {
      if (value instanceof NamedParameter named) {
        map.put(named.getName(), named.getValue());
      }
    }
    return new Namespace(map, TemplateEngine.MOST_ITEMS);
  }
}
