package dev.plumbline.agent.config;

/**
 * A text as it was configured.
 *
 * @param text the value
 * @param source where it was read
 */
record Setting(String text, String source) {
  /** The value with the password of a URL blotted out. */
  String shown() {
    return "'" + text.replaceAll("//[^/@]*@", "//***@") + "'";
  }
}
