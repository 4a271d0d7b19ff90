package dev.plumbline.agent.tap.oip;

import dev.plumbline.agent.tap.states.OriginRequest;
import dev.plumbline.agent.tap.states.StatesExchange;
import dev.plumbline.agent.tap.states.StatesTap;
import dev.plumbline.core.residual.TapPoint;
import java.util.List;
import java.util.Optional;

/**
 * An origin whose models hand out hidden states as output tensors. Requests go on as they are: a
 * client that lists outputs gets those. Thread-safe; owns nothing.
 */
public final class OipTap implements StatesTap {
  private final List<TapPoint> points;

  /**
   * @param points in the tensor's order
   */
  public OipTap(List<TapPoint> points) {
    this.points = List.copyOf(points);
  }

  @Override
  public List<TapPoint> points() {
    return points;
  }

  @Override
  public Optional<StatesExchange> decorate(OriginRequest request) {
    return Optional.empty();
  }

  @Override
  public void close() {
    // Nothing runs in the background.
  }
}
