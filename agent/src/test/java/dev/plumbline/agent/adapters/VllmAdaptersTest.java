package dev.plumbline.agent.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class VllmAdaptersTest extends AdapterServerContract {
  @Override
  FakeServer fake() throws IOException {
    return new FakeVllm(true);
  }

  @Override
  AdapterServer server(AdapterCalls calls) {
    return new VllmAdapters(calls);
  }

  @Override
  String todo() {
    return "VLLM_ALLOW_RUNTIME_LORA_UPDATING=True";
  }

  @Test
  void load_ofAFolderTheServerDoesNotSee_saysSo() {
    Outcome.Refused refused = refused(server().load(new WantedAdapter("x", "/none/x")));
    assertThat(refused.why()).contains("No adapter found").contains("ablated.served-adapter");
    assertThat(refused.lasting()).isFalse();
  }

  @Test
  void load_whereAnotherHasTheName_doesNotReplaceIt() {
    FakeVllm vllm = (FakeVllm) fake;
    vllm.loaded.put(WANTED.name(), "/somebody/else");
    Outcome.Refused refused = refused(server().load(WANTED));
    assertThat(refused.why()).contains("/somebody/else").contains("ablated.model");
    assertThat(vllm.loaded).containsEntry(WANTED.name(), "/somebody/else");
  }

  @Test
  void load_ofAnAdapterOfItsStart_needsNoRuntimeLoading() {
    FakeVllm vllm = (FakeVllm) fake;
    vllm.enabled = false;
    vllm.loaded.put(WANTED.name(), "/at/start");
    Outcome.Ready ready = ready(server().load(new WantedAdapter(WANTED.name(), "")));
    assertThat(ready.already()).isTrue();
    assertThat(ready.served().takes("base")).isTrue();
    assertThat(ready.served().takes(WANTED.name())).isFalse();
  }
}
