package dev.plumbline.agent.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class SglangAdaptersTest extends AdapterServerContract {
  @Override
  FakeServer fake() throws IOException {
    return new FakeSglang(true);
  }

  @Override
  AdapterServer server(AdapterCalls calls) {
    return new SglangAdapters(calls);
  }

  @Override
  String todo() {
    return "--enable-lora";
  }

  @Test
  void load_whereAnotherHasTheName_doesNotReplaceIt() {
    ((FakeSglang) fake).loaded.put(WANTED.name(), "/somebody/else");
    assertThat(refused(server().load(WANTED)).why()).contains("/somebody/else");
  }
}
