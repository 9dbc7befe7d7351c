"""Passkeys: the WebAuthn ceremonies (Level 3) as small functions over the library, and their JSON as types. No I/O.

The challenge of a ceremony is its one-time token: 32 random bytes, which the browser hands back inside what the
authenticator signs. So the server needs no further name for a ceremony, and none can be exchanged for another.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
import webauthn
from msgspec import Meta
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    decode_credential_public_key,
    decoded_public_key_to_cryptography,
    parse_attestation_object,
)
from webauthn.helpers.cose import COSECRV, COSEAlgorithmIdentifier
from webauthn.helpers.decode_credential_public_key import (
    DecodedEC2PublicKey,
    DecodedOKPPublicKey,
    DecodedRSAPublicKey,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import AttestationFormat, CredentialDeviceType

from antiphon.domains.identity.errors import PasskeyRefused
from antiphon.domains.identity.model_passkeys import CEREMONY_LIFE, RelyingParty, clean_transports

__all__ = [
    "Assertion",
    "AuthenticationCredential",
    "CreationOptions",
    "KnownKey",
    "NewKey",
    "RegistrationCredential",
    "RequestOptions",
    "challenge_of",
    "check_assertion",
    "check_registration",
    "creation_options",
    "request_options",
    "user_handle_of",
]

ALGORITHMS = [
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
]
CREDENTIAL_ID_MAX = 1023  # bytes, by the specification
RSA_BITS_MIN = 2048
# What the library and cryptography raise at bytes that mean nothing.
_MALFORMED = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError)

_Bytes = Annotated[str, Meta(min_length=1, max_length=16_384, pattern="^[A-Za-z0-9_-]+$", description="base64url")]
_Id = Annotated[str, Meta(min_length=1, max_length=1364, pattern="^[A-Za-z0-9_-]+$", description="base64url")]
_TIMEOUT_MS = int(CEREMONY_LIFE.total_seconds() * 1000)


class AttestationResponse(msgspec.Struct, frozen=True, rename={"client_data": "clientDataJSON"}):
    client_data: _Bytes
    attestation: _Bytes = msgspec.field(name="attestationObject")
    transports: Annotated[list[Annotated[str, Meta(max_length=40)]], Meta(max_length=20)] = []


class AssertionResponse(msgspec.Struct, frozen=True, rename={"client_data": "clientDataJSON"}):
    client_data: _Bytes
    authenticator_data: _Bytes = msgspec.field(name="authenticatorData")
    signature: _Bytes
    user_handle: Annotated[str, Meta(max_length=128)] | None = msgspec.field(name="userHandle", default=None)


class KeyProperties(msgspec.Struct, frozen=True):
    rk: bool | None = None


class ExtensionResults(msgspec.Struct, frozen=True):
    """`credProps.rk`: whether the authenticator can be asked for this key without being told its id."""

    cred_props: KeyProperties | None = msgspec.field(name="credProps", default=None)


class RegistrationCredential(msgspec.Struct, frozen=True):
    """What `navigator.credentials.create()` made, by `toJSON()`; what is not listed is ignored."""

    id: _Id
    raw_id: _Id = msgspec.field(name="rawId")
    type: Literal["public-key"]
    response: AttestationResponse
    extensions: ExtensionResults = msgspec.field(name="clientExtensionResults", default=ExtensionResults())


class AuthenticationCredential(msgspec.Struct, frozen=True):
    """What `navigator.credentials.get()` answered, by `toJSON()`; what is not listed is ignored."""

    id: _Id
    raw_id: _Id = msgspec.field(name="rawId")
    type: Literal["public-key"]
    response: AssertionResponse

    @property
    def key_id(self) -> bytes:
        """Raises PasskeyRefused."""
        return _decoded(self.id)


class KnownKey(msgspec.Struct, frozen=True):
    """A key that an authenticator may be asked for, or must not make again."""

    id: bytes
    transports: list[str]


class NewKey(msgspec.Struct, frozen=True, kw_only=True):
    """A key that was just made and proven. `discoverable` is None where the browser does not say."""

    id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]
    aaguid: UUID
    discoverable: bool | None
    backup_eligible: bool
    backed_up: bool
    user_verified: bool


class Assertion(msgspec.Struct, frozen=True):
    """A signature that holds. Whether its counter may be is for the caller to say."""

    sign_count: int
    backed_up: bool
    user_verified: bool


class RelyingPartyJson(msgspec.Struct, frozen=True):
    id: str
    name: str


class UserJson(msgspec.Struct, frozen=True):
    id: str
    name: str
    display_name: str = msgspec.field(name="displayName")


class KeyJson(msgspec.Struct, frozen=True):
    id: str
    transports: list[str]
    type: Literal["public-key"] = "public-key"


class AlgorithmJson(msgspec.Struct, frozen=True):
    alg: int
    type: Literal["public-key"] = "public-key"


class SelectionJson(msgspec.Struct, frozen=True):
    resident_key: Literal["required", "preferred"] = msgspec.field(name="residentKey", default="preferred")
    require_resident_key: bool = msgspec.field(name="requireResidentKey", default=False)
    user_verification: Literal["required", "preferred"] = msgspec.field(name="userVerification", default="preferred")


class ExtensionsJson(msgspec.Struct, frozen=True):
    cred_props: bool = msgspec.field(name="credProps", default=True)


class CreationOptions(msgspec.Struct, frozen=True, kw_only=True):
    """For `PublicKeyCredential.parseCreationOptionsFromJSON`. `timeout` in milliseconds."""

    rp: RelyingPartyJson
    user: UserJson
    challenge: str
    algorithms: list[AlgorithmJson] = msgspec.field(name="pubKeyCredParams")
    exclude: list[KeyJson] = msgspec.field(name="excludeCredentials")
    selection: SelectionJson = msgspec.field(name="authenticatorSelection", default=SelectionJson())
    attestation: Literal["none"] = "none"
    extensions: ExtensionsJson = ExtensionsJson()
    timeout: int = _TIMEOUT_MS


class RequestOptions(msgspec.Struct, frozen=True, kw_only=True):
    """For `PublicKeyCredential.parseRequestOptionsFromJSON`. `timeout` in milliseconds."""

    rp_id: str = msgspec.field(name="rpId")
    challenge: str
    allow: list[KeyJson] = msgspec.field(name="allowCredentials")
    user_verification: Literal["required", "preferred"] = msgspec.field(name="userVerification")
    timeout: int = _TIMEOUT_MS


def creation_options(
    rp: RelyingParty,
    *,
    challenge: str,
    user_handle: bytes,
    name: str,
    display_name: str,
    exclude: list[KnownKey],
    alone: bool = False,
) -> CreationOptions:
    """Ask for a key that can be found without a name and that looks at its owner, and take what there is; but nothing
    less where it stands `alone`.
    """
    return CreationOptions(
        rp=RelyingPartyJson(rp.id, rp.name),
        user=UserJson(bytes_to_base64url(user_handle), name, display_name),
        challenge=challenge,
        algorithms=[AlgorithmJson(algorithm.value) for algorithm in ALGORITHMS],
        exclude=[_json(key) for key in exclude],
        selection=SelectionJson("required", True, "required") if alone else SelectionJson(),
    )


def request_options(rp: RelyingParty, *, challenge: str, allow: list[KnownKey], verify_user: bool) -> RequestOptions:
    """`verify_user`: the authenticator must have looked at its owner, because nothing else did."""
    return RequestOptions(
        rp_id=rp.id,
        challenge=challenge,
        allow=[_json(key) for key in allow],
        user_verification="required" if verify_user else "preferred",
    )


def text_of(data: bytes) -> str:
    """base64url, as WebAuthn writes bytes in JSON."""
    return bytes_to_base64url(data)


def bytes_of(text: str) -> bytes:
    return base64url_to_bytes(text)


def challenge_of(credential: RegistrationCredential | AuthenticationCredential) -> str:
    """Which ceremony this claims to answer. Raises PasskeyRefused."""
    try:
        data = msgspec.json.decode(base64url_to_bytes(credential.response.client_data), type=_ClientData)
    except (ValueError, RecursionError) as error:
        raise PasskeyRefused from error
    if data.cross_origin:
        raise PasskeyRefused("A page of another site embedded ours.")
    return data.challenge


def user_handle_of(credential: AuthenticationCredential) -> bytes | None:
    """Whose key the authenticator says it is. Raises PasskeyRefused."""
    given = credential.response.user_handle
    return _decoded(given) if given else None


def check_registration(rp: RelyingParty, credential: RegistrationCredential, *, challenge: str) -> NewKey:
    """The new key, proven to be for us and for this ceremony. Raises PasskeyRefused."""
    try:
        _no_foreign_paper(base64url_to_bytes(credential.response.attestation))
        made = webauthn.verify_registration_response(
            credential=_plain(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=rp.id,
            expected_origin=list(rp.origins),
            supported_pub_key_algs=ALGORITHMS,
        )
        _sound(made.credential_public_key)
        aaguid = UUID(made.aaguid)
    except _MALFORMED as error:
        raise PasskeyRefused(str(error)) from error
    if made.credential_id != _decoded(credential.id) or len(made.credential_id) > CREDENTIAL_ID_MAX:
        raise PasskeyRefused("The id is not that of the key.")
    properties = credential.extensions.cred_props
    return NewKey(
        id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        transports=clean_transports(credential.response.transports),
        aaguid=aaguid,
        discoverable=properties.rk if properties else None,
        backup_eligible=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE,
        backed_up=made.credential_backed_up,
        user_verified=made.user_verified,
    )


def check_assertion(
    rp: RelyingParty,
    credential: AuthenticationCredential,
    *,
    challenge: str,
    public_key: bytes,
    backup_eligible: bool,
    verify_user: bool,
) -> Assertion:
    """A signature by this key for us and for this ceremony. Raises PasskeyRefused.

    The library compares counters before it looks at the signature, so that anybody could make a good key look copied;
    here the counter is only read, and means something once the signature holds.
    """
    try:
        found = webauthn.verify_authentication_response(
            credential=_plain(credential),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=rp.id,
            expected_origin=list(rp.origins),
            credential_public_key=public_key,
            credential_current_sign_count=0,
            require_user_verification=verify_user,
        )
    except _MALFORMED as error:
        raise PasskeyRefused(str(error)) from error
    if (found.credential_device_type is CredentialDeviceType.MULTI_DEVICE) != backup_eligible:
        raise PasskeyRefused("A key cannot change whether it may be copied to other devices.")
    return Assertion(found.new_sign_count, found.credential_backed_up, found.user_verified)


class _ClientData(msgspec.Struct):
    challenge: str
    cross_origin: bool = msgspec.field(name="crossOrigin", default=False)


def _plain(credential: RegistrationCredential | AuthenticationCredential) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(credential)
    return plain


def _decoded(text: str) -> bytes:
    try:
        found = base64url_to_bytes(text)
    except ValueError as error:
        raise PasskeyRefused from error
    return found


def _json(key: KnownKey) -> KeyJson:
    return KeyJson(bytes_to_base64url(key.id), key.transports)


def _no_foreign_paper(attestation: bytes) -> None:
    """We asked for no attestation. Without one, or signed with the key itself, is all a browser sends then; the other
    formats would be parsers of certificates at the disposal of anybody. Raises ValueError.
    """
    found = parse_attestation_object(attestation)
    if found.fmt not in {AttestationFormat.NONE.value, AttestationFormat.PACKED.value} or found.att_stmt.x5c:
        raise ValueError("An attestation came that nobody asked for.")


def _sound(public_key: bytes) -> None:
    """That the key is one of the three kinds, whole, and strong enough. Raises ValueError."""
    key = decode_credential_public_key(public_key)
    decoded_public_key_to_cryptography(key)
    fits = (
        (isinstance(key, DecodedEC2PublicKey) and key.alg == ALGORITHMS[1] and key.crv == COSECRV.P256)
        or (isinstance(key, DecodedOKPPublicKey) and key.alg == ALGORITHMS[0])
        or (isinstance(key, DecodedRSAPublicKey) and key.alg == ALGORITHMS[2])
    )
    if isinstance(key, DecodedRSAPublicKey) and int.from_bytes(key.n).bit_length() < RSA_BITS_MIN:
        fits = False
    if not fits:
        raise ValueError("The key and its algorithm do not go together.")
