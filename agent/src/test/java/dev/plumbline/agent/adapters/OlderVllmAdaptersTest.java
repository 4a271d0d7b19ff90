package dev.plumbline.agent.adapters;

import java.io.IOException;

/** The flat error form. */
class OlderVllmAdaptersTest extends AdapterServerContract {
  @Override
  FakeServer fake() throws IOException {
    return new FakeVllm(false);
  }

  @Override
  AdapterServer server(AdapterCalls calls) {
    return new VllmAdapters(calls);
  }

  @Override
  String todo() {
    return "--enable-lora";
  }
}
