package dev.plumbline.agent.enforce.trigger;

import dev.plumbline.mitigations.trigger.Transition;

/**
 * A trigger changed its state.
 *
 * @param scope {@code route} or {@code conversation}
 * @param name the model's label, or the conversation's hash
 */
public record TriggerEvent(String scope, String name, Transition transition) {
  public static final String ROUTE = "route";
  public static final String CONVERSATION = "conversation";
}
