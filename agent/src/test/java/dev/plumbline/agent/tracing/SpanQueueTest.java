package dev.plumbline.agent.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.metrics.Meters;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SpanQueueTest {
  private final Meters meters = new Meters();
  private final CountDownLatch asked = new CountDownLatch(1);
  private final AtomicInteger exported = new AtomicInteger();

  @Test
  void close_handsOverAllThatWaits() {
    SpanQueue queue = new SpanQueue(exporter(CompletableResultCode.ofSuccess()), meters, 10_000);
    end(queue, 1500);
    queue.close(Duration.ofSeconds(20));
    assertThat(exported).hasValue(1500);
    assertThat(meters.scrape()).contains("plumbline_trace_spans_total{result=\"exported\"} 1500.0");
  }

  @Test
  void full_newSpansAreDroppedAndCounted_andCloseDoesNotWaitForever() throws Exception {
    SpanQueue queue = new SpanQueue(exporter(new CompletableResultCode()), meters, 5);
    end(queue, 1);
    asked.await();
    end(queue, 8);
    assertThat(meters.scrape()).contains("plumbline_trace_spans_total{result=\"dropped\"} 3.0");
    queue.close(Duration.ofMillis(1));
    assertThat(meters.scrape()).contains("plumbline_trace_spans_total{result=\"dropped\"} 8.0");
    end(queue, 1);
    assertThat(meters.scrape()).contains("plumbline_trace_spans_total{result=\"dropped\"} 9.0");
  }

  private static void end(SpanQueue queue, int count) {
    SdkTracerProvider provider = SdkTracerProvider.builder().addSpanProcessor(queue).build();
    for (int i = 0; i < count; i++) {
      provider.get("test").spanBuilder("s").startSpan().end();
    }
  }

  private SpanExporter exporter(CompletableResultCode result) {
    return new SpanExporter() {
      @Override
      public CompletableResultCode export(Collection<SpanData> spans) {
        exported.addAndGet(spans.size());
        asked.countDown();
        return result;
      }

      @Override
      public CompletableResultCode flush() {
        return CompletableResultCode.ofSuccess();
      }

      @Override
      public CompletableResultCode shutdown() {
        return CompletableResultCode.ofSuccess();
      }
    };
  }
}
