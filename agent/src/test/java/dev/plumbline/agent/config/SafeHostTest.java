package dev.plumbline.agent.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SafeHostTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254",
        "http://169.254.1.1/latest",
        "http://2852039166",
        "http://0xA9FEA9FE",
        "http://0xa9.254.169.254",
        "http://0251.0376.0251.0376",
        "http://169.254.43518",
        "http://[::ffff:169.254.169.254]",
        "http://[::ffff:a9fe:a9fe]",
        "http://[fe80::1]",
        "http://[fd00:ec2::254]",
        "http://METADATA.google.internal",
        "http://metadata.google.internal.",
        "http://100.100.100.200",
        "http://224.0.0.1",
        "http://999.1.1.1",
        "file:///etc/passwd",
        "gopher://127.0.0.1",
        "http://user:pass@127.0.0.1",
        "http://127.0.0.1/?q",
        "http:///nohost"
      })
  void url_whereCredentialsAreHandedOut_orNone_isRefused(String url) {
    assertThatThrownBy(() -> load(url)).isInstanceOf(ConfigException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8000",
        "http://10.0.0.7",
        "http://[::1]:8000",
        "http://[fd12::7]:8000",
        "http://vllm",
        "https://vllm.models.svc:8443/base",
        "http://169-254.example.org"
      })
  void url_ofAModelServer_isTaken(String url) {
    assertThat(load(url).origin().orElseThrow().url()).hasToString(url);
  }

  private static AgentConfig load(String url) {
    return ConfigLoader.load(Optional.empty(), Map.of(), Map.of("origin.url", url));
  }
}
