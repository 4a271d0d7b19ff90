package dev.plumbline.agent.adapters;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plumbline.agent.origins.Asker;
import dev.plumbline.agent.wire.ModelList;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a server says of itself on {@code /v1/models}. */
class ModelPageTest {
  @ParameterizedTest
  @CsvSource({
    "vllm,true",
    "sglang,true",
    "plumbline,true",
    "llamacpp,false",
    "organization_owner,false",
    "'',false"
  })
  void owner_thatGivesTokenIds_isKnown(String owner, boolean gives) {
    String page = "{\"data\":[{\"id\":\"m\",\"owned_by\":\"%s\"}]}".formatted(owner);
    assertThat(of(Buffer.buffer(page)).givesIds()).isEqualTo(gives);
  }

  @Test
  void owner_ofThisAgentsOwnPage_givesThem() {
    assertThat(of(Buffer.buffer(ModelList.all(List.of("m"), 1))).givesIds()).isTrue();
    assertThat(of(Buffer.buffer("{\"data\":[{\"id\":\"m\"}]}")).givesIds()).isFalse();
    assertThat(Served.NOTHING.givesIds()).isFalse();
  }

  private static Served of(Buffer page) {
    return ModelPage.of(new Asker.Said(200, "application/json", page));
  }
}
