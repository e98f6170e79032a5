"""Who may bid, and what a procedure comes from: links, invitations, prequalification, relations of bidders."""
