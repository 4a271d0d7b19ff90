package dev.plumbline.agent.wire.dialect;

/**
 * The text of one choice. A server that repeats itself (SGLang) sends all text so far with every
 * event, unless it was started to send only what is new, which nothing on the wire tells: a text
 * that neither continues nor shortens the one before it shows that they are pieces. Shortened they
 * are where a stop string is cut off at the end.
 */
final class ChoiceText {
  private final StringBuilder pieces = new StringBuilder();
  private String last = "";
  private boolean repeats;

  void add(String piece) {
    pieces.append(piece);
  }

  void running(String text) {
    boolean first = pieces.length() == 0;
    repeats = first || (repeats && (text.startsWith(last) || last.startsWith(text)));
    pieces.append(text);
    last = text;
  }

  void set(String text) {
    pieces.setLength(0);
    pieces.append(text);
    repeats = false;
  }

  String text() {
    return repeats ? last : pieces.toString();
  }
}
