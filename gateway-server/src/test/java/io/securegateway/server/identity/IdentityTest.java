package io.securegateway.server.identity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentityTest {
  private static final String KEY = "sgk_AbcDefGhi";
  private static final AdminTable ADMINS =
      new AdminTable(
          List.of(
              new AdminTable.Entry(
                  new Admin("ana", AdminRole.EDITOR, Set.of("bank")), Keys.hash(KEY)),
              new AdminTable.Entry(new Admin("eve", AdminRole.ADMIN, Set.of()), Keys.hash(KEY))));

  @Test
  void knowsWhoHoldsAKey() {
    assertEquals(Optional.of("ana"), ADMINS.identify(KEY).map(Admin::name));
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        " ",
        KEY + " ",
        " " + KEY,
        KEY + "\t",
        KEY + "\n",
        KEY + "\u0000",
        "SGK_ABCDEFGHI",
        "sgk_abcdefghi",
        "sgk_AbcDefGh",
        "sgk_AbcDefGhi\u200b",
        "ｓgk_AbcDefGhi"
      })
  void knowsNoKeyThatDiffers(@Nullable String key) {
    assertTrue(ADMINS.identify(key).isEmpty());
    assertInstanceOf(Identity.Unknown.class, KeyTable.EMPTY.identify(key, 0));
  }

  @Test
  void neverLooksAtOverlongKeys() {
    String endless = "k".repeat(Keys.MAX_LENGTH + 1);
    AdminTable table =
        new AdminTable(
            List.of(
                new AdminTable.Entry(
                    new Admin("x", AdminRole.ADMIN, Set.of()), Keys.hash(endless))));
    assertTrue(table.identify(endless).isEmpty());
  }

  @Test
  void theHashItselfIsNoKey() {
    assertTrue(ADMINS.identify(Keys.hash(KEY)).isEmpty());
  }

  @Test
  void rolesHoldThoseBeforeThem() {
    Admin editor = new Admin("ana", AdminRole.EDITOR, Set.of("bank"));
    assertTrue(editor.may(AdminRole.VIEWER));
    assertTrue(editor.may(AdminRole.EDITOR));
    assertFalse(editor.may(AdminRole.ADMIN));
    assertTrue(editor.sees("bank"));
    assertFalse(editor.sees("bank2"));
    assertTrue(new Admin("root", AdminRole.VIEWER, Set.of()).sees("anything"));
  }

  @Test
  void keysAreNewAndLong() {
    assertTrue(Keys.mint("sgk_").matches("sgk_[A-Za-z0-9_-]{43}"));
    assertNotEquals(Keys.mint("a"), Keys.mint("a"));
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Keys.hash("abc"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer k1", "bearer k1", "BEARER k1"})
  void readsBearer(String header) {
    assertEquals(new PresentedKey.One("k1"), PresentedKey.of(null, header));
    assertEquals(new PresentedKey.One("k1"), PresentedKey.of("k1", header));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Bearer",
        "Bearer ",
        "Bearer  k1",
        "bearer\tk1",
        " Bearer k1",
        "Bearer k1 ",
        "k1",
        "Basic azE6",
        "Bearer k1,Bearer k2",
        "Bearer k1, k2",
        "Bearer k1\n",
        "Bearer ké",
        "Bearerk1",
        "Bearer k1 k2"
      })
  void refusesWhatIsNotExactlyBearer(String header) {
    assertInstanceOf(PresentedKey.Contradiction.class, PresentedKey.of(null, header));
    assertInstanceOf(PresentedKey.Contradiction.class, PresentedKey.of("k1", header));
  }

  @Test
  void refusesTwoKeysThatDiffer() {
    assertInstanceOf(PresentedKey.Contradiction.class, PresentedKey.of("k2", "Bearer k1"));
    assertInstanceOf(PresentedKey.Contradiction.class, PresentedKey.of("", "Bearer k1"));
    assertEquals(new PresentedKey.One("k2"), PresentedKey.of("k2", null));
    assertEquals(new PresentedKey.One(null), PresentedKey.of(null, null));
  }
}
