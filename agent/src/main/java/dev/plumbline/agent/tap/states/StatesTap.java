package dev.plumbline.agent.tap.states;

import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.Optional;

/**
 * A source of hidden states that is the origin itself: the request is decorated, the answer brings
 * the states or says where they lie, and what the client did not ask for is taken out of it.
 * Thread-safe.
 */
public interface StatesTap extends AutoCloseable {
  /** Where in the residual stream the states are taken. */
  List<TapPoint> points();

  /**
   * Decorates a request. Empty when it cannot be: another route, no JSON object, or a form the
   * origin gives no states for. Such an exchange passes as it is and is {@code no_hidden_states}.
   */
  Optional<StatesExchange> decorate(OriginRequest request);

  /** Ends what runs in the background; exchanges under way find nothing any more. */
  @Override
  void close();
}
