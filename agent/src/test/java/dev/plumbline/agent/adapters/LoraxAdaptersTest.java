package dev.plumbline.agent.adapters;

import java.io.IOException;

class LoraxAdaptersTest extends AdapterServerContract {
  @Override
  FakeServer fake() throws IOException {
    return new FakeLorax();
  }

  @Override
  AdapterServer server(AdapterCalls calls) {
    return new LoraxAdapters(calls);
  }

  @Override
  String todo() {
    return "--adapter-source local";
  }
}
