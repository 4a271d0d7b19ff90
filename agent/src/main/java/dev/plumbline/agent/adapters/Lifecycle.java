package dev.plumbline.agent.adapters;

import dev.plumbline.agent.ablation.AblatedVariant;
import dev.plumbline.agent.metrics.Meter;
import dev.plumbline.agent.metrics.Meters;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of one origin's ablated variant: wanted, loading, loaded, then verified, ineffective or
 * unverified; failed and lost on the way. It is looked for again and again, since a server that was
 * restarted has forgotten it, and measured again and again, since names can come to mean something
 * else. Only a verified one is given out, and none while the origin is unhealthy.
 *
 * <p>Refusals are met with waits that double, {@value #MOST_TRIES} times, then with the interval of
 * the measurements; so is a lasting one. Lives on one event loop, but for what is known, which any
 * thread may ask.
 */
final class Lifecycle {
  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  /** Stands for the plain model in the adapter's name. */
  private static final String MODEL = "{model}";

  static final int MOST_TRIES = 8;

  /** A measurement that cannot be made takes trust away only when it was missed so often. */
  static final int MOST_MISSED = 3;

  private static final Duration FIRST_WAIT = Duration.ofSeconds(1);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

  /** Runs something later, on the event loop; gives what cancels it. */
  interface Waiter {
    Runnable after(Duration wait, Runnable work);
  }

  /**
   * What it works with.
   *
   * @param origin the configured name
   * @param fallback the plain model's name, where the server lists none or this one among others
   * @param healthy whether the origin is
   * @param off the kill switch: nothing is asked while it is off
   * @param nanos as {@link System#nanoTime}
   * @param feed is told of each change of state and each measurement; does not wait
   */
  record Means(
      String origin,
      AdapterServer server,
      String wantedModel,
      String path,
      String fallback,
      Verifier verifier,
      BooleanSupplier healthy,
      BooleanSupplier off,
      Duration checkEvery,
      Duration verifyEvery,
      Waiter waiter,
      LongSupplier nanos,
      Clock clock,
      Meters meters,
      Consumer<Known> feed) {}

  /**
   * What is known.
   *
   * @param since when it became so
   * @param why one line for a person, empty where there is nothing to say
   * @param variant how it is asked for, once that is known
   * @param plain the model without it
   * @param finding of the last measurement
   * @param measuredAt when that was
   */
  record Known(
      AdapterState state,
      Instant since,
      String why,
      Optional<AblatedVariant> variant,
      String plain,
      Served served,
      Optional<Finding> finding,
      Optional<Instant> measuredAt) {
    boolean verified() {
      return state == AdapterState.VERIFIED;
    }

    private Known with(Optional<AblatedVariant> variant, String plain, Served served) {
      return new Known(state, since, why, variant, plain, served, finding, measuredAt);
    }

    private Known with(Finding finding, Instant at) {
      return new Known(
          state, since, why, variant, plain, served, Optional.of(finding), Optional.of(at));
    }

    private Known with(AdapterState state, Instant since, String why) {
      return new Known(state, since, why, variant, plain, served, finding, measuredAt);
    }
  }

  private final Means means;
  private volatile Known known;
  private Runnable pending = () -> {};
  private boolean under;
  private boolean again;
  private int tries;
  private int missed;
  private int epoch;
  private boolean asked;
  private boolean unload;
  private long measured;

  Lifecycle(Means means) {
    this.means = Objects.requireNonNull(means, "means");
    this.known =
        new Known(
            AdapterState.WANTED,
            means.clock().instant(),
            "",
            Optional.empty(),
            means.fallback(),
            Served.NOTHING,
            Optional.empty(),
            Optional.empty());
    meter();
  }

  private void meter() {
    Meters meters = means.meters();
    for (AdapterState state : AdapterState.values()) {
      meters.gauge(
          Meter.ADAPTER_STATE,
          () -> known.state() == state ? 1 : 0,
          means.origin(),
          state.wireName());
    }
    meters.amount(
        Meter.ADAPTER_PROJECTION,
        () -> last().map(Measured::plain).orElse(Double.NaN),
        means.origin(),
        "plain");
    meters.amount(
        Meter.ADAPTER_PROJECTION,
        () -> last().map(Measured::ablated).orElse(Double.NaN),
        means.origin(),
        "ablated");
  }

  private Optional<Measured> last() {
    return known.finding().flatMap(Finding::measured);
  }

  /** What is known now. Any thread. */
  Known known() {
    return known;
  }

  /** How an ablated answer of this model is asked for; any thread. */
  Optional<AblatedVariant> variant(String model) {
    Known now = known;
    return now.verified() && means.healthy().getAsBoolean() && now.served().takes(model)
        ? now.variant()
        : Optional.empty();
  }

  /** The origin has come back: whatever it had it may have lost. */
  void cameBack() {
    epoch++;
    if (settled()) {
      become(AdapterState.LOST, "the origin was away");
    }
    tries = 0;
    look();
  }

  /** Measures anew, as soon as it can be. */
  void verify() {
    asked = false;
    tries = 0;
    look();
  }

  /** Has the server let go of it and take it anew. */
  void reload() {
    epoch++;
    become(AdapterState.LOST, "it is loaded anew");
    tries = 0;
    unload = true;
    look();
  }

  /** Looks whether the server has it, and has it load it if not. */
  void look() {
    if (under) {
      again = true;
      return;
    }
    pending.run();
    if (means.off().getAsBoolean()) {
      later(means.checkEvery());
      return;
    }
    under = true;
    if (known.state() == AdapterState.WANTED || known.state() == AdapterState.LOST) {
      become(AdapterState.LOADING, known.why());
    }
    named()
        .compose(name -> letGo())
        .compose(gone -> load())
        .otherwise(AdapterCalls::unanswered)
        .onSuccess(this::found);
  }

  /**
   * Where it is to be loaded anew; a server that cannot let go of it is asked for it all the same.
   */
  private Future<?> letGo() {
    boolean now = unload;
    unload = false;
    return now ? means.server().unload(wanted()) : Future.succeededFuture();
  }

  private Future<Outcome> load() {
    return means.server().load(wanted());
  }

  /** Whether something was found out about it that holds until it changes or is due. */
  private boolean settled() {
    return switch (known.state()) {
      case VERIFIED, INEFFECTIVE, UNVERIFIED -> true;
      case WANTED, LOADING, LOADED, FAILED, LOST -> false;
    };
  }

  /** The adapter's name may need the model's, which the server says. */
  private Future<Served> named() {
    return means.wantedModel().contains(MODEL)
        ? means.server().list().onSuccess(this::list)
        : Future.succeededFuture(Served.NOTHING);
  }

  private void list(Served served) {
    known = known.with(known.variant(), plain(served), served);
  }

  /** The configured model where it is listed, else the first that is. */
  private String plain(Served served) {
    List<String> bases = served.bases();
    return bases.isEmpty() || bases.contains(means.fallback()) ? means.fallback() : bases.get(0);
  }

  private WantedAdapter wanted() {
    return new WantedAdapter(means.wantedModel().replace(MODEL, known.plain()), means.path());
  }

  private void over(Runnable then) {
    under = false;
    if (again) {
      again = false;
      look();
    } else {
      then.run();
    }
  }

  private void found(Outcome outcome) {
    if (outcome instanceof Outcome.Ready ready) {
      ready(ready);
    } else {
      String why = outcome instanceof Outcome.Refused no ? no.why() : "it is gone";
      refused(why, outcome instanceof Outcome.Refused no && no.lasting());
    }
  }

  private void ready(Outcome.Ready ready) {
    boolean same = ready.already() && known.variant().equals(Optional.of(ready.variant()));
    boolean lost = settled() && !same;
    count(Meter.ADAPTER_LOADS, lost ? "reapplied" : ready.already() ? "already" : "loaded");
    if (lost) {
      become(AdapterState.LOST, "the origin had lost it, or it has another name there now");
      LOG.warn("origin {}: the ablated variant was lost and is there again", means.origin());
    }
    String plain = plain(ready.served());
    known = known.with(Optional.of(ready.variant()), plain, ready.served());
    if (settled() && !due()) {
      over(() -> later(means.checkEvery()));
      return;
    }
    if (!settled()) {
      become(AdapterState.LOADED, "");
    }
    int now = epoch;
    measured = means.nanos().getAsLong();
    asked = true;
    means.verifier().verify(plain, ready.variant()).onSuccess(finding -> judged(now, finding));
  }

  private boolean due() {
    return !asked || means.nanos().getAsLong() - measured >= means.verifyEvery().toNanos();
  }

  /** What was measured of a server that was away meanwhile is of no use. */
  private void judged(int then, Finding finding) {
    count(Meter.ADAPTER_VERIFICATIONS, finding.result().wireName());
    if (then != epoch) {
      asked = false;
      over(this::look);
      return;
    }
    if (finding.result() == Finding.Result.UNANSWERED) {
      unanswered(finding);
      return;
    }
    missed = 0;
    tries = 0;
    AdapterState before = known.state();
    known = known.with(finding, means.clock().instant());
    if (state(finding) == before) {
      known = known.with(before, known.since(), finding.why());
      means.feed().accept(known);
    } else {
      become(state(finding), finding.why());
    }
    tell(before, finding);
    over(() -> later(means.checkEvery()));
  }

  private static AdapterState state(Finding finding) {
    return switch (finding.result()) {
      case VERIFIED -> AdapterState.VERIFIED;
      case INEFFECTIVE -> AdapterState.INEFFECTIVE;
      case UNVERIFIED, UNANSWERED -> AdapterState.UNVERIFIED;
    };
  }

  private void unanswered(Finding finding) {
    asked = false;
    missed++;
    if (!known.verified() || missed >= MOST_MISSED) {
      become(AdapterState.UNVERIFIED, finding.why());
    }
    LOG.warn(
        "origin {}: the ablated variant could not be measured: {}", means.origin(), finding.why());
    over(() -> later(backOff()));
  }

  private void refused(String why, boolean lasting) {
    count(Meter.ADAPTER_LOADS, "refused");
    boolean news = known.state() != AdapterState.FAILED || !known.why().equals(why);
    become(AdapterState.FAILED, why);
    if (news) {
      LOG.warn("origin {}: no ablated variant: {}", means.origin(), why);
    }
    over(() -> later(lasting ? means.verifyEvery() : backOff()));
  }

  /** Waits that double, bounded in number. */
  private Duration backOff() {
    if (tries >= MOST_TRIES) {
      return means.verifyEvery();
    }
    Duration wait = FIRST_WAIT.multipliedBy(1L << Math.min(tries++, 10));
    return wait.compareTo(LONGEST_WAIT) < 0 ? wait : LONGEST_WAIT;
  }

  private void later(Duration wait) {
    pending = means.waiter().after(wait, this::look);
  }

  private void tell(AdapterState before, Finding finding) {
    if (known.state() == AdapterState.INEFFECTIVE) {
      LOG.error(
          "origin {}: ALARM: the ablated variant does nothing and is not used: {}",
          means.origin(),
          finding.why());
    } else if (known.state() == AdapterState.UNVERIFIED) {
      LOG.warn("origin {}: the ablated variant is not used: {}", means.origin(), finding.why());
    } else if (before != AdapterState.VERIFIED) {
      LOG.info("origin {}: the ablated variant is verified: {}", means.origin(), finding.why());
    }
  }

  private void count(Meter meter, String what) {
    means.meters().count(meter, means.origin(), what);
  }

  private void become(AdapterState state, String why) {
    boolean news = state != known.state();
    known = known.with(state, news ? means.clock().instant() : known.since(), why);
    if (news) {
      means.feed().accept(known);
    }
  }
}
