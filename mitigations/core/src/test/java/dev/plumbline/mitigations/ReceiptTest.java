package dev.plumbline.mitigations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class ReceiptTest {

  @Test
  void merge_tokens_sumsAndKeepsTheLargest() {
    Receipt receipt =
        DoubleStream.of(1, -3, 0.5).mapToObj(Receipt::ofToken).reduce(Receipt.NONE, Receipt::merge);
    assertThat(receipt).isEqualTo(new Receipt(3, 4.5, 3));
    assertThat(receipt.merge(Receipt.NONE)).isEqualTo(receipt);
  }

  @Test
  void applied_nothingTouched_isFalse() {
    assertThat(Receipt.NONE.applied()).isFalse();
    assertThat(Receipt.ofToken(0).applied()).isTrue();
  }

  @Test
  void construction_contradictory_isRefused() {
    assertThatThrownBy(() -> new Receipt(0, 1, 1)).hasMessageContaining("no token was touched");
    assertThatThrownBy(() -> new Receipt(2, 1, 0)).hasMessageContaining("sum and a maximum");
    assertThatThrownBy(() -> new Receipt(2, 0, 1)).hasMessageContaining("sum and a maximum");
    assertThatThrownBy(() -> new Receipt(-1, 0, 0)).hasMessageContaining("receipt tokens");
    assertThatThrownBy(() -> Receipt.ofToken(Double.NaN)).hasMessageContaining("removed");
  }
}
