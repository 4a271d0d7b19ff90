package dev.plumbline.agent.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.ablation.AblatedVariant;
import java.io.IOException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class LlamaAdaptersTest extends AdapterServerContract {
  private OptionalInt id = OptionalInt.empty();

  @Override
  FakeServer fake() throws IOException {
    return new FakeLlama();
  }

  @Override
  AdapterServer server(AdapterCalls calls) {
    return new LlamaAdapters(calls, id, 1, (path, wanted) -> path.equals(wanted.path()));
  }

  @Override
  String todo() {
    return "--lora-init-without-apply";
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
        .contains("--lora FILE")
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
