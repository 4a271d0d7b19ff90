package dev.plumbline.agent.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.ablation.AblatedVariant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlamaAdaptersTest extends AdapterServerContract {
  @TempDir private Path dir;
  private OptionalInt id = OptionalInt.empty();
  private Optional<Path> own = Optional.empty();

  @Override
  FakeServer fake() throws IOException {
    return new FakeLlama();
  }

  @Override
  AdapterServer server(AdapterCalls calls) {
    return new LlamaAdapters(vertx, calls, id, 1, new SameFile(own));
  }

  @Override
  String todo() {
    return "--lora-scaled FILE:0";
  }

  @Override
  boolean hot() {
    return false;
  }

  @Test
  void load_ofAFileThatWasNotGivenAtTheStart_saysTheFlagAndWhatThereIs() {
    fake.has("/adapters/another.gguf");
    Outcome.Refused refused = refused(server().load(WANTED));
    assertThat(refused.why())
        .contains("/adapters/another.gguf")
        .contains("--lora-scaled FILE:0")
        .contains(PATH);
    assertThat(refused.lasting()).isTrue();
  }

  @Test
  void load_afterARestartWithAnotherOrder_findsTheNewNumber() {
    fake.has(PATH);
    assertThat(ready(server().load(WANTED)).variant()).isEqualTo(new AblatedVariant.Lora(0, 1));
    fake.restart();
    assertThat(ready(server().load(WANTED)).variant()).isEqualTo(new AblatedVariant.Lora(1, 1));
  }

  @Test
  void load_ofTheSameBytesElsewhere_isFoundByDigest() throws IOException {
    own = Optional.of(Files.writeString(dir.resolve("own.gguf"), "lora"));
    fake.has(Files.writeString(dir.resolve("other.gguf"), "LORA").toString());
    fake.has(Files.writeString(dir.resolve("copy.gguf"), "lora").toString());
    assertThat(ready(server().load(WANTED)).variant()).isEqualTo(new AblatedVariant.Lora(1, 1));
  }

  @Test
  void load_ofAnIdThatIsNotThere_isRefusedThoughTheServerWouldTakeIt() {
    fake.has(PATH);
    id = OptionalInt.of(7);
    assertThat(refused(server().load(WANTED)).why()).contains("id 7");
  }

  @Test
  void load_ofAnAdapterThatIsAppliedToAll_isRefusedAndLeftAsItIs() {
    fake.has(PATH);
    ((FakeLlama) fake).scale = 0.5;
    Outcome.Refused refused = refused(server().load(WANTED));
    assertThat(refused.why()).contains("0.5").contains("no plain one");
    assertThat(fake.calls).containsOnly("GET /lora-adapters");
  }
}
