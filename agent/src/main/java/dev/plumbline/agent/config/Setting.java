package dev.plumbline.agent.config;

/**
 * A text as it was configured.
 *
 * @param text the value
 * @param source where it was read
 */
record Setting(String text, String source) {
  /** The value in quotes, with the password of a URL blotted out. */
  String shown() {
    return "'" + bare() + "'";
  }

  /** The same without quotes. */
  String bare() {
    // To the last @: a password may hold one, and a slash.
    return text.replaceAll("//.*@", "//***@");
  }
}
