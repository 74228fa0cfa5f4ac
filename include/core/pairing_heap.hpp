// SPDX-License-Identifier: Apache-2.0
// A priority queue whose links live inside the elements: O(1) insertion and look at the first,
// amortised O(log n) removal, no allocation (Fredman et al., "The pairing heap", 1986).
#pragma once

namespace skerry {

/// Base of an element. It must leave its heap before it is destroyed.
class HeapNode {
public:
  constexpr HeapNode() = default;
  HeapNode(const HeapNode&) = delete;
  HeapNode& operator=(const HeapNode&) = delete;

  [[nodiscard]] bool is_linked() const { return linked_; }

private:
  template <class T, class Before> friend class PairingHeap;
  HeapNode* child_ = nullptr;
  HeapNode* next_ = nullptr;
  HeapNode* previous_ = nullptr; ///< left sibling, or the parent of a first child
  bool linked_ = false;
};

/// Elements of T (which derives from HeapNode), the first by `Before(left, right)` on top.
/// Owns nothing. Not synchronised.
template <class T, class Before> class PairingHeap {
public:
  [[nodiscard]] bool empty() const { return root_ == nullptr; }
  [[nodiscard]] T* first() const { return static_cast<T*>(root_); }

  void insert(T& element) {
    HeapNode& node = element;
    node.linked_ = true;
    root_ = root_ == nullptr ? &node : meld(root_, &node);
  }

  /// Takes `element`, which is in this heap, out of it.
  void remove(T& element) {
    HeapNode* node = &static_cast<HeapNode&>(element);
    HeapNode* rest = merge_children(node->child_);
    if (node == root_) {
      root_ = rest;
    } else {
      detach(node);
      root_ = rest == nullptr ? root_ : meld(root_, rest);
    }
    node->child_ = nullptr;
    node->next_ = nullptr;
    node->previous_ = nullptr;
    node->linked_ = false;
  }

private:
  static HeapNode* meld(HeapNode* left, HeapNode* right) {
    if (Before{}(*static_cast<T*>(right), *static_cast<T*>(left))) {
      HeapNode* other = left;
      left = right;
      right = other;
    }
    right->next_ = left->child_;
    if (left->child_ != nullptr) {
      left->child_->previous_ = right;
    }
    right->previous_ = left;
    left->child_ = right;
    return left;
  }

  static void detach(HeapNode* node) {
    if (node->previous_->child_ == node) {
      node->previous_->child_ = node->next_;
    } else {
      node->previous_->next_ = node->next_;
    }
    if (node->next_ != nullptr) {
      node->next_->previous_ = node->previous_;
    }
    node->next_ = nullptr;
    node->previous_ = nullptr;
  }

  /// Melds siblings by pairs from the left, then the pairs from the right. Without recursion: a
  /// heap of many timers must not need a deep stack.
  static HeapNode* merge_children(HeapNode* child) {
    HeapNode* pairs = nullptr;
    while (child != nullptr) {
      HeapNode* left = child;
      HeapNode* right = child->next_;
      child = right == nullptr ? nullptr : right->next_;
      left->next_ = nullptr;
      left->previous_ = nullptr;
      if (right != nullptr) {
        right->next_ = nullptr;
        right->previous_ = nullptr;
        left = meld(left, right);
      }
      left->next_ = pairs;
      pairs = left;
    }
    HeapNode* result = nullptr;
    while (pairs != nullptr) {
      HeapNode* next = pairs->next_;
      pairs->next_ = nullptr;
      result = result == nullptr ? pairs : meld(result, pairs);
      pairs = next;
    }
    return result;
  }

  HeapNode* root_ = nullptr;
};

} // namespace skerry
