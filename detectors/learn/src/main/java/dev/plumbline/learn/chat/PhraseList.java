package dev.plumbline.learn.chat;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Words and phrases looked for in a text: whole words, any case, typographic apostrophes taken for
 * plain ones; a trailing {@code *} matches any ending. Immutable.
 *
 * <p>Format: one a line, {@code #} begins a comment line.
 */
public final class PhraseList {
  private final List<String> phrases;
  private final Pattern pattern;

  private PhraseList(List<String> phrases) {
    if (phrases.isEmpty()) {
      throw new IllegalArgumentException(
          "phrase list: wanted a phrase, found none; an empty list would match nothing, silently");
    }
    this.phrases = phrases;
    this.pattern =
        Pattern.compile(
            phrases.stream()
                .map(PhraseList::regex)
                .collect(Collectors.joining("|", "\\b(?:", ")")));
  }

  /** Reads a list; an empty one is refused. */
  public static PhraseList parse(String text) {
    return new PhraseList(
        text.lines().map(String::strip).filter(l -> !l.isEmpty() && !l.startsWith("#")).toList());
  }

  private static String regex(String phrase) {
    return phrase.endsWith("*")
        ? Pattern.quote(phrase.substring(0, phrase.length() - 1)) + "\\w*"
        : Pattern.quote(phrase) + "\\b";
  }

  /** How many phrases there are. */
  public int size() {
    return phrases.size();
  }

  /** What of it stands in a text, in its order. */
  public List<String> in(String text) {
    String plain = text.toLowerCase(Locale.ROOT).replace('\u2019', '\'');
    return pattern.matcher(plain).results().map(found -> found.group()).toList();
  }
}
