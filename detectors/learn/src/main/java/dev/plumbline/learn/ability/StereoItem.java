package dev.plumbline.learn.ability;

import dev.plumbline.core.Check;
import java.util.Optional;

/**
 * A context with a stereotypical, an anti-stereotypical and an unrelated way to go on.
 *
 * @param bias kind of stereotype, such as profession
 * @param context the sentence before; empty where the three are whole sentences that differ inside
 */
public record StereoItem(
    String id,
    String bias,
    Optional<String> context,
    String stereotype,
    String antiStereotype,
    String unrelated) {
  public StereoItem {
    Check.text(id, "id of an item");
    Check.text(bias, "bias type of " + id);
    Check.text(stereotype, "stereotype of " + id);
    Check.text(antiStereotype, "anti-stereotype of " + id);
    Check.text(unrelated, "unrelated sentence of " + id);
  }
}
