package dev.plumbline.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plumbline.agent.cli.CommandFailure;
import dev.plumbline.agent.config.AgentConfig;
import dev.plumbline.agent.config.ConfigLoader;
import dev.plumbline.agent.embedded.Engines;
import dev.plumbline.agent.embedded.Judging;
import dev.plumbline.agent.embedded.OpenedArtefact;
import dev.plumbline.agent.metrics.Meters;
import dev.plumbline.agent.tap.ExchangeText;
import dev.plumbline.agent.tap.Reading;
import dev.plumbline.agent.tap.Tap;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Engines that were opened and cannot be used are freed: their weights are outside of the heap. */
class EngineRoomTest {
  private final Meters meters = new Meters();
  private final AtomicInteger closed = new AtomicInteger();

  private final class Watched implements Tap {
    @Override
    public CompletionStage<Reading> read(ExchangeText exchange, BooleanSupplier abandoned) {
      throw new AssertionError("nothing is read here");
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }

  @AfterEach
  void close() {
    meters.close();
  }

  private static AgentConfig config(String... more) {
    Map<String, String> flags = new java.util.HashMap<>(Map.of("organism", "true"));
    for (int i = 0; i < more.length; i += 2) {
      flags.put(more[i], more[i + 1]);
    }
    return ConfigLoader.load(Optional.empty(), Map.of(), flags);
  }

  private Engines.Loaded opened() {
    return new Engines.Loaded(Optional.empty(), Optional.of(new Watched()));
  }

  @Test
  void load_ofWhatDoesNotFit_freesIt() {
    try (EngineRoom room = new EngineRoom(config(), meters)) {
      room.load(config -> opened());
      assertThatThrownBy(room::await)
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining("wanted models from the engine");
    }
    assertThat(closed).hasValue(1);
  }

  /** An artefact that comes with the fleet is opened too, or refused. */
  @Test
  void adopt_countsTheSignaturesOfWhatItOpens() {
    List<OpenedArtefact> artefacts = new CopyOnWriteArrayList<>();
    Engines engines =
        new Engines() {
          @Override
          public Loaded open(AgentConfig config) {
            boolean adopted = config.engine().direction().isPresent();
            artefacts.add(
                adopted
                    ? new OpenedArtefact("new", "bad", Optional.empty(), "d2")
                    : new OpenedArtefact("old", "signed", Optional.of("k"), "d1"));
            if (adopted) {
              throw new IllegalArgumentException("nobody that counts has signed it");
            }
            return opened();
          }

          @Override
          public List<OpenedArtefact> artefacts() {
            return artefacts;
          }
        };
    AgentConfig config = config("origin.url", "http://127.0.0.1:9");
    try (EngineRoom room = new EngineRoom(config, meters)) {
      room.load(engines);
      room.await();
      assertThatThrownBy(() -> room.adopt(Optional.of(Path.of("new")), config, () -> () -> 0))
          .hasMessageContaining("signed it");
    }
    assertThat(meters.scrape())
        .contains("plumbline_artefact_signatures_total{result=\"signed\"} 1.0")
        .contains("plumbline_artefact_signatures_total{result=\"bad\"} 1.0");
  }

  @Test
  void load_whoseDirectionCannotBeRead_freesIt() {
    Engines engines =
        new Engines() {
          @Override
          public Loaded open(AgentConfig config) {
            return opened();
          }

          @Override
          public Optional<Judging> judging(AgentConfig config) {
            throw new OutOfMemoryError("one that is no RuntimeException");
          }
        };
    try (EngineRoom room = new EngineRoom(config("origin.url", "http://127.0.0.1:9"), meters)) {
      room.load(engines);
      assertThatThrownBy(room::await).hasMessageContaining("OutOfMemoryError");
    }
    assertThat(closed).hasValue(1);
  }
}
