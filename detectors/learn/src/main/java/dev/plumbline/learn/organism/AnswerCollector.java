package dev.plumbline.learn.organism;

import dev.plumbline.mitigations.Receipt;
import dev.plumbline.torch.serve.GenerationListener;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

/** Gathers an answer's ids until it ends. */
final class AnswerCollector implements GenerationListener {
  private final LongStream.Builder tokens = LongStream.builder();
  private final CompletableFuture<long[]> ids = new CompletableFuture<>();

  /** The whole answer, or the engine's failure. */
  CompletableFuture<long[]> ids() {
    return ids;
  }

  @Override
  public boolean token(long id) {
    tokens.add(id);
    return true;
  }

  @Override
  public void readouts(double[] serving, double[] reference) {
    // Only the text is wanted here.
  }

  @Override
  public void ended(Ending ending, Receipt receipt) {
    ids.complete(tokens.build().toArray());
  }

  @Override
  public void failed(RuntimeException cause) {
    ids.completeExceptionally(cause);
  }
}
