"""What may be asked after the hammer, and which room decides it."""

from shared.procedure.books import Books
from shared.procedure.lot.after import (
    commands,
    confirming,
    disputing,
    naming,
    paying,
    preferring,
    recounting,
    returning,
    voiding,
)
from shared.procedure.lot.asking import Events, Ground, LotRequest
from shared.procedure.lot.state import Lot

Command = (
    commands.NoteIdentities
    | commands.DeclarePriority
    | commands.SignProof
    | commands.CheckProof
    | commands.DrawUpConfirmation
    | commands.SignConfirmation
    | commands.PublishResult
    | commands.SignContract
    | commands.RecordPayment
    | commands.HandOver
    | commands.RecordRefund
    | commands.DeclareDefault
    | commands.RecountDeadlines
    | voiding.VoidSale
    | disputing.RaiseDispute
    | disputing.DecideDispute
)


def decide(  # noqa: C901, PLR0911, PLR0912 - one return a command
    request: LotRequest, command: Command, lot: Lot, ground: Ground, books: Books
) -> Events:
    """Return the facts of a request, or raise its refusal."""
    match command:
        case commands.NoteIdentities():
            return naming.note(request, lot, ground)
        case commands.DeclarePriority():
            return preferring.declare(request, command, lot, ground)
        case commands.SignProof():
            return confirming.sign_proof(request, lot, ground)
        case commands.CheckProof():
            return confirming.check_proof(request, command, lot, ground)
        case commands.DrawUpConfirmation():
            return confirming.draw_up(request, command, lot, ground)
        case commands.SignConfirmation():
            return confirming.sign_confirmation(request, command, lot, ground)
        case commands.PublishResult():
            return confirming.publish(request, command, lot, ground)
        case commands.SignContract():
            return confirming.sign_contract(request, command, lot, ground)
        case commands.RecordPayment():
            return paying.record(request, command, lot, ground)
        case commands.HandOver():
            return paying.hand_over(request, command, lot, ground)
        case commands.RecordRefund():
            return returning.record(request, command, lot, ground)
        case commands.DeclareDefault():
            return returning.default(request, command, lot, ground)
        case voiding.VoidSale():
            return voiding.void(request, command, lot, ground)
        case disputing.RaiseDispute():
            return disputing.dispute(request, command, lot, ground)
        case disputing.DecideDispute():
            return disputing.decide(request, command, lot, ground)
        case commands.RecountDeadlines():
            return recounting.recount(request, command, lot, ground, books)
