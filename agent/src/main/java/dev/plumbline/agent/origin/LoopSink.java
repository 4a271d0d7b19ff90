package dev.plumbline.agent.origin;

import io.vertx.core.Context;
import java.util.List;

/** Brings an engine's calls to the event loop of the answer, in order. */
final class LoopSink implements GenerationSink {
  private final Context context;
  private final GenerationSink target;

  LoopSink(Context context, GenerationSink target) {
    this.context = context;
    this.target = target;
  }

  @Override
  public void prompted(List<Integer> ids) {
    context.runOnContext(v -> target.prompted(ids));
  }

  @Override
  public void delta(Delta delta) {
    context.runOnContext(v -> target.delta(delta));
  }

  @Override
  public void ended(GenerationEnd end) {
    context.runOnContext(v -> target.ended(end));
  }

  @Override
  public void rejected(Rejection rejection) {
    context.runOnContext(v -> target.rejected(rejection));
  }
}
