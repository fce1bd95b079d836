SELECT id, 'role' AS field, 'expected the actor on one side of the act by one account, got it as '
  || role || ' and as ' || other_role || '; correct one of the roles, say who attributes each, or '
  || 'waive the rule with the reason, such as friendly fire' AS message, other
FROM opposed_participants WHERE in_role
