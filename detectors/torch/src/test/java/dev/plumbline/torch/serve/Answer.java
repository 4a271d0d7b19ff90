package dev.plumbline.torch.serve;

import dev.plumbline.mitigations.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/** A listener that writes down all it is told, in order, and waits for the end. */
class Answer implements GenerationListener {
  final List<Long> tokens = new ArrayList<>();
  final List<double[]> serving = new ArrayList<>();
  final List<double[]> reference = new ArrayList<>();
  final StringBuilder order = new StringBuilder();
  private final CompletableFuture<Ending> ending = new CompletableFuture<>();
  private final LongPredicate goOn;
  private Receipt receipt;

  Answer() {
    this(id -> true);
  }

  Answer(LongPredicate goOn) {
    this.goOn = goOn;
  }

  @Override
  public void started() {
    order.append('s');
  }

  @Override
  public boolean token(long id) {
    order.append('t');
    tokens.add(id);
    return goOn.test(id);
  }

  @Override
  public void readouts(double[] now, double[] base) {
    order.append('r');
    serving.add(now);
    reference.add(base);
  }

  @Override
  public void ended(Ending how, Receipt proof) {
    order.append('e');
    receipt = proof;
    ending.complete(how);
  }

  @Override
  public void failed(RuntimeException cause) {
    order.append('f');
    ending.completeExceptionally(cause);
  }

  Ending await() {
    try {
      return ending.get(60, TimeUnit.SECONDS);
    } catch (InterruptedException | java.util.concurrent.TimeoutException e) {
      throw new IllegalStateException("an answer did not end", e);
    } catch (java.util.concurrent.ExecutionException e) {
      throw (RuntimeException) e.getCause();
    }
  }

  Receipt receipt() {
    await();
    return receipt;
  }

  List<Long> text() {
    await();
    return tokens;
  }
}
